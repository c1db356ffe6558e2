import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Hunt } from '../../src/index.js';
import { buildGoTarget } from './go.js';
import { startProcess } from './process.js';

const execute = promisify(execFile);
const leakhunt = fileURLToPath(new URL('../../bin/leakhunt.js', import.meta.url));

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * A network namespace of its own with an engine of containers in it, whose image `plain` holds the target
 * go-plain.
 */
export interface Lab {
  folder: string;
  /** `unix:///...` */
  host: string;
  /** Runs a command inside; its output. Rejects where it fails. */
  inside(command: string, ...args: string[]): Promise<string>;
  /** The engine's own command line. */
  engine(...args: string[]): Promise<string>;
  /** Starts a container of the target that publishes a port, and waits until that answers. */
  run(name: string, publish: string, options: string[], args: string[]): Promise<void>;
  /** What `nsenter` is told to run something inside. */
  enter: string;
  /** leakhunt's command line, inside. */
  leakhunt(args: string[], options?: { env?: Record<string, string>; before?: string[] }): Promise<Outcome>;
  stop(): Promise<void>;
}

interface Fashion {
  /** The command line of the engine, its whole path first. */
  command(folder: string, host: string): string[];
  /** The program that serves its API. */
  server(folder: string, host: string): string[];
  /** The options of each container. */
  running: string[];
}

const docker: Fashion = {
  command: (_, host) => ['/usr/bin/docker', '-H', host],
  server: (folder, host) => [
    ...['/usr/sbin/dockerd', '--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')],
    ...['-H', host, '-p', join(folder, 'pid'), '--iptables=false'],
    // Not an address that an engine of this machine may have given.
    ...['--bip', `10.213.${process.pid % 250}.1/24`],
  ],
  running: [],
};

const podmanCommand = (folder: string) => [
  ...['/usr/bin/podman', '--root', join(folder, 'data'), '--runroot', join(folder, 'run')],
  ...['--tmpdir', join(folder, 'tmp'), '--runtime', '/usr/sbin/runc', '--cgroup-manager', 'cgroupfs'],
];

const podman: Fashion = {
  command: podmanCommand,
  server: (folder, host) => [...podmanCommand(folder), 'system', 'service', '--time=0', host],
  running: ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024'],
};

const fashions = { docker, podman };

/** Sets a lab up: as root, on Linux. */
export async function startLab(fashion: keyof typeof fashions): Promise<Lab> {
  const { command, server, running } = fashions[fashion];
  const folder = await mkdtemp(join(tmpdir(), `lh-${fashion}-`));
  await chmod(folder, 0o755);
  const namespace = `lh-${fashion}-${process.pid}`;
  const host = `unix://${folder}/sock`;
  const within = ['nsenter', `--net=/run/netns/${namespace}`];
  const inside = async (program: string, ...args: string[]) =>
    (await execute(within[0]!, [within[1]!, program, ...args], { maxBuffer: 64 * 2 ** 20 })).stdout;
  const engine = (...args: string[]) => {
    const [program, ...own] = command(folder, host);
    return inside(program!, ...own, ...args);
  };

  await execute('ip', ['netns', 'add', namespace]);
  const undo: (() => Promise<unknown>)[] = [
    () => rm(folder, { recursive: true, force: true }),
    () => execute('ip', ['netns', 'del', namespace]),
  ];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    await inside('ip', 'link', 'set', 'lo', 'up');
    const serving = ['-c', 'echo started; exec "$@"', 'sh', ...within, ...server(folder, host)];
    const daemon = await startProcess('/bin/sh', serving, { ready: /^started$/ });
    undo.push(async () => void (await daemon.stop()));
    await until(() =>
      inside('curl', '-sf', '--unix-socket', `${folder}/sock`, 'http://localhost/_ping'),
    ).catch(error => {
      throw new Error(`${fashion} does not answer:\n${daemon.output()}`, { cause: error });
    });
    undo.push(async () => {
      const ids = (await engine('ps', '-aq')).split('\n').filter(Boolean);
      if (ids.length > 0) await engine('rm', '-f', ...ids);
    });
    await importImage(folder, engine);
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    folder,
    host,
    enter: within[1]!,
    inside,
    engine,
    stop,
    async run(name, publish, options, args) {
      // Its temp folder is nobody else's.
      const own = ['-e', 'TMPDIR=/tmp/of-its-own', '--name', name, '-p', publish, ...running, ...options];
      await engine('run', '-d', ...own, 'plain:1', '/plain', '-addr', ':8000', ...args);
      await until(() => inside('curl', '-s', `http://127.0.0.1:${publish.split(':').at(-2)}/`));
    },
    leakhunt: (args, { env = {}, before = [] } = {}) =>
      new Promise(resolve => {
        const words = [within[1]!, ...before, process.execPath, leakhunt, ...args];
        const options = { env: { ...process.env, DOCKER_HOST: host, ...env }, maxBuffer: 64 * 2 ** 20 };
        execFile(within[0]!, words, options, (error, stdout, stderr) =>
          resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
        );
      }),
  };
}

/** A hunt of small uploads, and its record. */
export async function huntIn(lab: Lab, port: number, ...more: string[]): Promise<Hunt & { seconds: number }> {
  const began = performance.now();
  const url = `http://127.0.0.1:${port}/upload`;
  const small = [...(more.includes('--size') ? [] : ['--size', '20kB']), '--min-uploads', '800'];
  const outcome = await lab.leakhunt(['upload', url, ...small, '--max-rounds', '16', '--json', '-', ...more]);
  if (!outcome.stdout.startsWith('{')) throw new Error(`exit code ${outcome.code}: ${outcome.stderr}`);
  return { ...JSON.parse(outcome.stdout), seconds: (performance.now() - began) / 1000 };
}

async function importImage(folder: string, engine: Lab['engine']): Promise<void> {
  const root = join(folder, 'image');
  await mkdir(join(root, 'tmp/of-its-own'), { recursive: true });
  await copyFile(await buildGoTarget('go-plain'), join(root, 'plain'));
  const archive = join(folder, 'image.tar');
  await execute('tar', ['-C', root, '-cf', archive, '.']);
  await engine('import', archive, 'plain:1');
}

async function until(attempt: () => Promise<unknown>): Promise<void> {
  for (const deadline = performance.now() + 30_000; ; await sleep(50)) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
  }
}
