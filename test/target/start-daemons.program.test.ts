import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { markedEnvironment } from '../../src/target/start/environment.js';
import { startTarget } from '../../src/target/start/start.js';
import type { StartOptions } from '../../src/target/start/started-target.js';
import { startProcess } from '../support/process.js';
import { freePort, serve } from '../support/servers.js';
import { runCli } from '../support/streams.js';

/** Answers with its pid and its environment on PORT. */
const server = `
  require('http').createServer((request, response) => {
    request.resume().on('end', () => response.end(JSON.stringify({ pid: process.pid, env: process.env })));
  }).listen(process.env.PORT, '127.0.0.1', () => console.log('listening'));`;

/** A double fork: the daemon has a session of its own, and init for a parent. */
const doubleFork = `
  const { spawn } = require('child_process');
  if (process.argv[2] === 'daemon') require(process.argv[3]);
  else {
    const args = process.argv[2] === 'fork' ? ['daemon', process.argv[3]] : ['fork', process.argv[2]];
    spawn(process.execPath, [__filename, ...args], { detached: true, stdio: 'ignore' }).unref();
  }`;

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'leakhunt-test-'));
  onTestFinished(() => rm(path, { recursive: true }));
  await writeFile(join(path, 'server.cjs'), server);
  await writeFile(join(path, 'fork.cjs'), doubleFork);
  return path;
}

/** A zombie is dead: whether somebody reaps it is not leakhunt's to say. */
function lives(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

interface Answered {
  pid: number;
  env: Record<string, string>;
}

async function asked(url: URL | string): Promise<Answered> {
  return (await (await fetch(url)).json()) as Answered;
}

async function start(command: (path: string) => string, options: Partial<StartOptions> = {}) {
  const path = await folder();
  const ready = new URL(`http://127.0.0.1:${await freePort()}/`);
  const target = await startTarget({
    ...{
      command: command(path),
      ready,
      readyTimeout: 10,
      stopTimeout: 2,
      cwd: path,
      env: { PORT: ready.port },
    },
    ...options,
  });
  onTestFinished(async () => void (await target.stop()));
  return { target, path, ready, ...(await asked(ready)) };
}

const linux = describe.skipIf(process.platform !== 'linux');

linux('a target that leaves the process tree (looked at in /proc: Linux only)', () => {
  test.each<[string, (path: string) => string]>([
    ['a command that waits', path => `node ${path}/server.cjs`],
    ['a daemon by setsid', path => `setsid node ${path}/server.cjs & wait`],
    ['a daemon whose starter ends with 0', path => `setsid node ${path}/server.cjs >/dev/null 2>&1 &`],
    ['a double fork', path => `node ${path}/fork.cjs ${path}/server.cjs`],
  ])('%s is a start, and is ended', async (_, command) => {
    const { target, pid } = await start(command);
    expect(lives(pid)).toBe(true);
    expect(await target.exitReport()).toBeUndefined();
    expect(await target.stop()).toEqual([]);
    expect(lives(pid)).toBe(false);
  });

  test('is killed where it does not heed SIGTERM', async () => {
    const deaf = (path: string) =>
      `setsid sh -c 'trap "" TERM; node -e "process.on(\\"SIGTERM\\", () => {}); require(\\"${path}/server.cjs\\")"' >/dev/null 2>&1 &`;
    const { target, pid } = await start(deaf, { stopTimeout: 0.1 });
    expect(await target.stop()).toEqual([]);
    expect(lives(pid)).toBe(false);
  });

  test('strangers are left alone, whatever they are called', async () => {
    const { target, path, ready } = await start(each => `node ${each}/server.cjs`);
    const stranger = await startProcess(process.execPath, [join(path, 'server.cjs')], {
      ready: /listening/,
      env: { PORT: String(await freePort()), LEAKHUNT_HUNT: 'another' },
    });
    onTestFinished(async () => void (await stranger.stop()));
    expect(await asked(ready)).toBeDefined();
    await target.stop();
    expect(lives(stranger.pid)).toBe(true);
  });

  test('a hunt inside of a hunt carries the marks of both', async () => {
    const { env } = await start(path => `LEAKHUNT_X=1 node ${path}/server.cjs`);
    expect(env.LEAKHUNT_HUNT).toMatch(/^[\d-]+\.[0-9a-f-]{36}$/);
    process.env.LEAKHUNT_HUNT = 'outer';
    onTestFinished(() => void delete process.env.LEAKHUNT_HUNT);
    const inner = await start(path => `node ${path}/server.cjs`);
    expect(inner.env.LEAKHUNT_HUNT).toMatch(/^outer,[\d-]+\.[0-9a-f-]{36}$/);
  });

  test('a JVM is given the temp folder too, behind the options it has', () => {
    const jvm = (env: Record<string, string>) => markedEnvironment('mark', '/tmp/a', env).JAVA_TOOL_OPTIONS;
    expect(jvm({})).toBe('-Djava.io.tmpdir=/tmp/a');
    expect(jvm({ JAVA_TOOL_OPTIONS: '-Xmx64m', TMPDIR: '/tmp/b c' })).toBe(
      '-Xmx64m -Djava.io.tmpdir="/tmp/b c"',
    );
    expect(jvm({ JAVA_TOOL_OPTIONS: '-Djava.io.tmpdir=/own' })).toBe('-Djava.io.tmpdir=/own');
  });
});

linux('a port that is held', () => {
  test('before the start is refused with the process that holds it, and nothing is run', async () => {
    const path = await folder();
    const port = await freePort();
    const old = await startProcess(process.execPath, [join(path, 'server.cjs')], {
      ready: /listening/,
      env: { PORT: String(port) },
    });
    onTestFinished(async () => void (await old.stop()));
    const ran = await runCli([
      ...['upload', `http://localhost:${port}/upload`, '--start', `touch ${path}/started`],
      ...['--stop', `touch ${path}/stopped`],
    ]);
    expect(ran.code).toBe(4);
    expect(ran.stderr).toBe(
      `leakhunt: Port ${port} is already in use by node ${path}/server.cjs (pid ${old.pid}): stop it, or hunt it without --start.\n`,
    );
    await expect(readFile(`${path}/started`)).rejects.toThrow('ENOENT');
    await expect(readFile(`${path}/stopped`)).rejects.toThrow('ENOENT');
  });

  test('on another address than the one that the URL reaches is not in the way', async () => {
    const path = await folder();
    const port = await freePort();
    const old = await startProcess(
      process.execPath,
      ['-e', `require('http').createServer().listen(${port}, '127.0.0.2', () => console.log('listening'))`],
      { ready: /listening/ },
    );
    onTestFinished(async () => void (await old.stop()));
    const target = await startTarget({
      command: `node ${path}/server.cjs`,
      ...{ ready: new URL(`http://127.0.0.1:${port}/`), env: { PORT: String(port) } },
      ...{ readyTimeout: 10, stopTimeout: 2 },
    });
    expect(await target.stop()).toEqual([]);
    expect(lives(old.pid)).toBe(true);
  });

  test('by a stranger once the command runs is refused, and the stranger lives', async () => {
    const path = await folder();
    const port = await freePort();
    // Older than the command, and on the port only after the command began.
    const stranger = spawn(
      process.execPath,
      [
        '-e',
        `let begun;
         require('fs').watch('${path}', () => (begun ??= require('${path}/server.cjs')));
         console.log('watching')`,
      ],
      { env: { ...process.env, PORT: String(port) }, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    onTestFinished(() => void stranger.kill('SIGKILL'));
    await once(stranger.stdout!, 'data');
    await expect(
      startTarget({
        command: `touch ${path}/go; exec sleep 600`,
        ready: new URL(`http://127.0.0.1:${port}/`),
        ...{ readyTimeout: 10, stopTimeout: 1 },
      }),
    ).rejects.toMatchObject({
      code: 'PORT_HELD',
      exitCode: 4,
      message: expect.stringContaining(`(pid ${stranger.pid}), which --start did not start`),
    });
    expect(lives(stranger.pid!)).toBe(true);
  });
});

linux('what carries no mark', () => {
  test.each([
    ['at once', ''],
    ['only some time after it answers', 'until [ -e answered ]; do sleep 0.01; done'],
  ])('is taken for the target where its starter ends with 0 %s, and is named at the end', async (_, wait) => {
    // A service manager's part: it starts the server when it is told to, with an environment of its own.
    const path = await folder();
    const port = await freePort();
    const manager = spawn(
      process.execPath,
      [
        '-e',
        `require('fs').watch('${path}', (_, name) => name === 'go' && (globalThis.child ??= require('child_process')
           .spawn(process.execPath, ['${path}/server.cjs'], { stdio: 'ignore' })));
         process.on('SIGTERM', () => { globalThis.child?.kill('SIGKILL'); process.exit(); });
         console.log('managing')`,
      ],
      { env: { ...process.env, PORT: String(port) }, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    onTestFinished(() => void manager.kill('SIGTERM'));
    await once(manager.stdout!, 'data');
    const url = new URL(`http://127.0.0.1:${port}/`);
    const starting = startTarget({
      command: `touch go; ${wait}`,
      ...{ ready: url, readyTimeout: 10, stopTimeout: 1, cwd: path },
    });
    const answers = () =>
      asked(url).then(
        ({ pid }) => pid,
        () => 0,
      );
    await expect.poll(answers, { timeout: 5_000 }).toBeGreaterThan(0);
    await writeFile(join(path, 'answered'), '');
    const target = await starting;
    const { pid } = await asked(url);
    const [note, ...others] = await target.stop();
    expect(others).toEqual([]);
    expect(note).toContain(`Port ${port} is still in use by node ${path}/server.cjs (pid ${pid})`);
    expect(note).toContain(`did not stop: kill ${pid} does`);
    expect(lives(pid)).toBe(true);
  });

  test('a supervisor that starts again what is ended is named', async () => {
    // As pm2 does: the daemon is older than the hunt, and gives each program the environment of who asks for it.
    const path = await folder();
    const port = await freePort();
    const supervisor = spawn(
      process.execPath,
      [
        '-e',
        `const { spawn } = require('child_process'), { watch, readFileSync } = require('fs');
         let child, ended;
         const run = env => (child = spawn(process.execPath, ['${path}/server.cjs'], { env, stdio: 'ignore' }))
           .on('exit', () => ended || run(env));
         watch('${path}', (_, name) => name === 'go' && !child && run(JSON.parse(readFileSync('${path}/go'))));
         process.on('SIGTERM', () => { ended = true; child?.kill('SIGKILL'); process.exit(); });
         console.log('supervising')`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    onTestFinished(() => void supervisor.kill('SIGTERM'));
    await once(supervisor.stdout!, 'data');
    const url = new URL(`http://127.0.0.1:${port}/`);
    const write = `const { renameSync, writeFileSync } = require('fs'); writeFileSync('go.new', JSON.stringify(process.env)); renameSync('go.new', 'go')`;
    const target = await startTarget({
      command: `node -e "${write}"`,
      ...{ ready: url, readyTimeout: 10, stopTimeout: 1, cwd: path, env: { PORT: String(port) } },
    });
    const { pid } = await asked(url);
    const notes = await target.stop();
    expect(lives(pid)).toBe(false);
    expect(notes).toEqual([
      expect.stringContaining(`(pid ${supervisor.pid}) and is still running: add --stop`),
    ]);
  });

  test('a container is taken for the target by what serves its port, and named with what stops it', async () => {
    // The engine's part, which is no child of its command: docker-proxy holds the published port.
    const path = await folder();
    const port = await freePort();
    const engine = spawn(
      process.execPath,
      [
        '-e',
        `let proxy;
         require('fs').watch('${path}', (_, name) => name === 'go' && (proxy ??= require('child_process')
           .spawn(process.execPath, ['${path}/server.cjs'], { argv0: 'docker-proxy', stdio: 'ignore' })));
         process.on('SIGTERM', () => { proxy?.kill('SIGKILL'); process.exit(); });
         console.log('engine')`,
      ],
      { env: { ...process.env, PORT: String(port) }, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    onTestFinished(() => void engine.kill('SIGTERM'));
    await once(engine.stdout!, 'data');
    const url = new URL(`http://127.0.0.1:${port}/`);
    const target = await startTarget({
      command: `touch ${path}/go; exec sleep 600`,
      ...{ ready: url, readyTimeout: 10, stopTimeout: 1 },
    });
    expect(await target.stop()).toEqual([
      expect.stringContaining(`docker stop $(docker ps -q --filter publish=${port}) does`),
    ]);
  });

  test('a command that cannot be run is told with its folder, and --stop is not run', async () => {
    const failing = start(() => 'true', { cwd: '/no/such/folder', stop: 'touch /tmp/never' });
    await expect(failing).rejects.toMatchObject({
      code: 'NOT_STARTED',
      exitCode: 4,
      message: expect.stringMatching(/could not be run in the folder "\/no\/such\/folder" \(--cwd\)[^.]*\.$/),
    });
  });

  test('a starter that fails is no start', async () => {
    await expect(
      start(path => `setsid node ${path}/server.cjs >/dev/null 2>&1 & exit 3`),
    ).rejects.toMatchObject({
      code: 'TARGET_DIED',
      message: expect.stringContaining('exited with status 3'),
    });
  });

  test('a starter that ends with 0 and brings nothing up is told with how it ended', async () => {
    await expect(start(() => 'echo would start', { readyTimeout: 0.2 })).rejects.toMatchObject({
      code: 'NOT_READY',
      message: expect.stringMatching(/it exited with status 0.*would start/s),
    });
  });
});

linux('--stop', () => {
  test('is run once, with the environment of the target, before what is left is ended', async () => {
    const { target, path, env, pid } = await start(each => `node ${each}/server.cjs`, {
      stop: 'echo "$TMPDIR $LEAKHUNT_HUNT" >>stopped; ps -o pid= -C node >alive',
    });
    expect(await target.stop()).toEqual([]);
    await target[Symbol.asyncDispose]();
    expect(await readFile(join(path, 'stopped'), 'utf8')).toBe(`${env.TMPDIR} ${env.LEAKHUNT_HUNT}\n`);
    expect(await readFile(join(path, 'alive'), 'utf8')).toMatch(new RegExp(`^ *${pid}$`, 'm'));
  });

  test('is run where the target never was ready', async () => {
    const path = await folder();
    const failing = start(() => 'exit 1', { cwd: path, stop: 'touch stopped' });
    await expect(failing).rejects.toMatchObject({ code: 'TARGET_DIED' });
    expect(await readFile(join(path, 'stopped'), 'utf8')).toBe('');
  });

  test('that fails is told, beside what went wrong before', async () => {
    const { target } = await start(path => `node ${path}/server.cjs`, { stop: 'echo no such; exit 5' });
    expect(await target.stop()).toEqual([
      expect.stringMatching(/^--stop "echo no such; exit 5" failed: it exited with status 5.*no such/s),
    ]);
    await expect(start(() => 'exit 1', { stop: 'exit 6' })).rejects.toMatchObject({
      code: 'TARGET_DIED',
      message: expect.stringMatching(/status 1.*--stop "exit 6" failed: it exited with status 6/s),
    });
  });

  const bin = fileURLToPath(new URL('../../bin/leakhunt.js', import.meta.url));

  async function hunting(
    more: string[] = [],
  ): Promise<{ leakhunt: ChildProcess; path: string; pid: number }> {
    const path = await folder();
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/`;
    const leakhunt = spawn(
      process.execPath,
      [
        ...[bin, 'upload', url, '--start', `setsid node ${path}/server.cjs >/dev/null 2>&1 &`],
        ...['--stop', 'touch stopped', '--cwd', path, '--env', `PORT=${port}`, '--no-save'],
        ...['--rounds', '5000', '--size', '1kB', ...more],
      ],
      { stdio: 'ignore' },
    );
    onTestFinished(() => void leakhunt.kill('SIGKILL'));
    let pid = 0;
    await expect
      .poll(
        async () => {
          pid = await asked(url).then(
            each => each.pid,
            () => 0,
          );
          return pid;
        },
        { timeout: 10_000 },
      )
      .toBeGreaterThan(0);
    return { leakhunt, path, pid };
  }

  test.each(['SIGINT', 'SIGKILL'] as const)(
    'is run, and daemons are ended, where leakhunt gets %s',
    async name => {
      const { leakhunt, path, pid } = await hunting();
      leakhunt.kill(name);
      await once(leakhunt, 'exit');
      await expect.poll(() => lives(pid), { timeout: 5_000 }).toBe(false);
      await expect.poll(() => readFile(join(path, 'stopped'), 'utf8').catch(() => 'not yet')).toBe('');
    },
  );

  test('a hunt that ends by itself runs it, measures the process that holds the port, and tells its failure', async () => {
    const path = await folder();
    const port = await freePort();
    const ran = await runCli([
      ...['upload', `http://127.0.0.1:${port}/`, '--start', `setsid node ${path}/server.cjs & wait`],
      ...['--stop', 'touch stopped; exit 9', '--cwd', path, '--env', `PORT=${port}`],
      ...['-n', '10', '--rounds', '3', '--size', '1kB', '--json', '-'],
    ]);
    const record = JSON.parse(ran.stdout);
    expect(record.target.probes.map(({ source }: { source: string }) => source)).toContain('inspector');
    expect(lives(record.target.pid)).toBe(false);
    expect(record.warnings).toContainEqual(expect.stringContaining('exited with status 9'));
    expect(await readFile(join(path, 'stopped'), 'utf8')).toBe('');
  });

  test('is about a target that is started', async () => {
    const ran = await runCli(['upload', await serve(() => {}), '--stop', 'x']);
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining('add --start') });
  });
});
