import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { type RunningProcess, startProcess } from './process.js';
import { freePort } from './servers.js';

/** A forwarder that listens on 127.0.0.1 and hands on to a port of it. */
export interface RunningForwarder {
  port: number;
  pid: number;
}

type Start = (port: number, upstreams: number[], folder: string) => Promise<[string, ...string[]]>;

const starts = {
  nginx: async (port, upstreams, folder) => {
    const servers = upstreams.map(upstream => `server 127.0.0.1:${upstream};`).join(' ');
    return nginx(
      folder,
      `upstream app { ${servers} }
       server { listen 127.0.0.1:${port}; location / { proxy_pass http://app; } }`,
    );
  },
  haproxy: async (port, upstreams, folder) => {
    const servers = upstreams.map((upstream, i) => `server s${i} 127.0.0.1:${upstream}`).join('\n  ');
    await writeFile(
      join(folder, 'haproxy.cfg'),
      `defaults
  mode http
  timeout client 30s
  timeout server 30s
  timeout connect 5s
frontend f
  bind 127.0.0.1:${port}
  default_backend b
backend b
  ${servers}
`,
    );
    return ['haproxy', '-db', '-f', join(folder, 'haproxy.cfg')];
  },
  caddy: async (port, upstreams, folder) => {
    await writeFile(
      join(folder, 'Caddyfile'),
      `{
  admin off
  auto_https off
}
http://127.0.0.1:${port} {
  reverse_proxy 127.0.0.1:${upstreams[0]}
}
`,
    );
    return ['caddy', 'run', '--config', join(folder, 'Caddyfile')];
  },
  socat: async (port, upstreams) => [
    'socat',
    `TCP-LISTEN:${port},bind=127.0.0.1,fork,reuseaddr`,
    `TCP:127.0.0.1:${upstreams[0]}`,
  ],
  ssh: async (port, upstreams, folder) => {
    const key = join(folder, 'key');
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    await writeFile(join(folder, 'authorized_keys'), spawnSync('ssh-keygen', ['-y', '-f', key]).stdout);
    await chmod(folder, 0o700);
    const sshPort = await freePort();
    const options = ['StrictModes=no', 'UsePAM=no', `AuthorizedKeysFile=${folder}/authorized_keys`];
    const sshd = [
      '-D',
      '-e',
      '-f',
      '/dev/null',
      '-p',
      String(sshPort),
      '-h',
      key,
      '-o',
      'ListenAddress=127.0.0.1',
    ];
    if (userInfo().uid === 0) await mkdir('/run/sshd', { recursive: true });
    // It must be called by its whole path.
    await running('/usr/sbin/sshd', [...sshd, ...options.flatMap(each => ['-o', each])], sshPort);
    return [
      'ssh',
      '-N',
      ...['-F', '/dev/null', '-i', key, '-p', String(sshPort)],
      ...['StrictHostKeyChecking=no', `UserKnownHostsFile=${folder}/known`].flatMap(each => ['-o', each]),
      ...['-L', `127.0.0.1:${port}:127.0.0.1:${upstreams[0]}`, `${userInfo().username}@127.0.0.1`],
    ];
  },
} satisfies Record<string, Start>;

export type ForwarderName = keyof typeof starts;

/** Starts a forwarder for the time of a test, with a configuration of its own. */
export async function startForwarder(name: ForwarderName, ...upstreams: number[]): Promise<RunningForwarder> {
  const folder = await mkdtemp(join(tmpdir(), `leakhunt-${name}-`));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const [command, ...args] = await starts[name](port, upstreams, folder);
  return { port, pid: (await running(command, args, port)).pid };
}

/** nginx with a virtual host for each name, on one port; the first answers for other names too. */
export async function startVirtualHosts(upstreams: Record<string, number>): Promise<RunningForwarder> {
  const folder = await mkdtemp(join(tmpdir(), 'leakhunt-nginx-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const servers = Object.entries(upstreams).map(
    ([name, upstream]) =>
      `server { listen 127.0.0.1:${port}; server_name ${name};
                location / { proxy_pass http://127.0.0.1:${upstream}; } }`,
  );
  const [command, ...args] = await nginx(folder, servers.join('\n'));
  return { port, pid: (await running(command, args, port)).pid };
}

async function nginx(folder: string, servers: string): Promise<[string, ...string[]]> {
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    name => `${name}_temp_path ${folder}/${name};`,
  );
  await writeFile(
    join(folder, 'nginx.conf'),
    `${userInfo().uid === 0 ? 'user root; ' : ''}daemon off; pid ${folder}/pid; error_log stderr; events {}
     http { access_log off; client_max_body_size 1g; ${temp.join(' ')}
       ${servers} }`,
  );
  return ['nginx', '-c', join(folder, 'nginx.conf')];
}

/** A program that prints nothing when it is ready, but then accepts connections. */
async function running(command: string, args: string[], port: number): Promise<RunningProcess> {
  // The shell's line is the ready line; its process becomes the program.
  const started = await startProcess('/bin/sh', ['-c', 'echo started; exec "$0" "$@"', command, ...args], {
    ready: /^started$/,
  });
  onTestFinished(async () => void (await started.stop()));
  const deadline = performance.now() + 10_000;
  while (!(await takesConnections(port))) {
    if (performance.now() > deadline) throw new Error(`${command} does not listen:\n${started.output()}`);
    await sleep(20);
  }
  return started;
}

async function takesConnections(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
