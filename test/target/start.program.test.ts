import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startTarget } from '../../src/target/start/start.js';
import { freePort } from '../support/servers.js';
import { runCli } from '../support/streams.js';

/** A Node server that answers with its environment, and can have a child, refuse SIGTERM or die. */
const server = `
  const { createServer } = require('http'), { spawn } = require('child_process');
  if (process.env.WITH_CHILD) console.log('child', spawn('sleep', ['600']).pid);
  if (process.env.STUBBORN) process.on('SIGTERM', () => {});
  createServer((request, response) => {
    if (request.url === '/die') process.exit(7);
    request.resume().on('end', () => response.end(JSON.stringify({ pid: process.pid, env: process.env })));
  }).listen(process.env.PORT, '127.0.0.1', () => console.log('up'));`;

async function serverFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'leakhunt-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'server.cjs'), server);
  return join(folder, 'server.cjs');
}

async function start(env: Record<string, string> = {}, options: object = {}) {
  const port = await freePort();
  const ready = new URL(`http://127.0.0.1:${port}/`);
  const command = `node ${await serverFile()}`;
  const target = await startTarget({
    ...{ command, ready, readyTimeout: 10, stopTimeout: 2, env: { PORT: String(port), ...env } },
    ...options,
  });
  const answer = (await (await fetch(ready)).json()) as { pid: number; env: Record<string, string> };
  return { target, ready, ...answer };
}

/** A zombie is dead: whether somebody reaps it is not leakhunt's to say. */
function lives(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe.skipIf(process.platform !== 'linux')(
  'a target that leakhunt starts (looked at in /proc: Linux only)',
  () => {
    test('has a temp folder of its own, the inspector and a finer heap profile, and what --env says', async () => {
      const { target, env } = await start({ COLOUR: 'blue' });
      expect(env).toMatchObject({
        COLOUR: 'blue',
        NODE_OPTIONS: expect.stringContaining('--inspect=127.0.0.1:0'),
      });
      expect(env.GODEBUG).toBe('memprofilerate=65536,tracebackancestors=10');
      expect(env.JDK_JAVA_OPTIONS).toBe('-XX:NativeMemoryTracking=summary -XX:TLABSize=64k -XX:-ResizeTLAB');
      expect(await readdir(env.TMPDIR!)).toEqual([]);
      expect(await readdir(env.LEAKHUNT_AGENTS!)).toEqual(['python']);
      await target[Symbol.asyncDispose]();
      await expect(readdir(env.TMPDIR!)).rejects.toThrow('ENOENT');
      await expect(readdir(env.LEAKHUNT_AGENTS!)).rejects.toThrow('ENOENT');
    });

    test('has an agent in each Python process, before what PYTHONPATH says otherwise', async () => {
      const { target, env } = await start({ PYTHONPATH: '/my/modules' });
      expect(env.PYTHONPATH).toBe(`${env.LEAKHUNT_AGENTS}/python:/my/modules`);
      await target[Symbol.asyncDispose]();
    });

    test('is ended with all its children', async () => {
      const { target, pid } = await start({ WITH_CHILD: '1' });
      expect(lives(pid)).toBe(true);
      await target[Symbol.asyncDispose]();
      expect(lives(pid)).toBe(false);
    });

    test('is killed where it does not heed SIGTERM', async () => {
      const { target, pid } = await start({ STUBBORN: '1' }, { stopTimeout: 0.1 });
      await target[Symbol.asyncDispose]();
      await expect.poll(() => lives(pid)).toBe(false);
    });

    test('ends with leakhunt even where leakhunt is killed', async () => {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}/`;
      const bin = fileURLToPath(new URL('../../bin/leakhunt.js', import.meta.url));
      const args = [
        bin,
        'upload',
        url,
        '--start',
        `exec node ${await serverFile()}`,
        '--env',
        `PORT=${port}`,
      ];
      const leakhunt = spawn(process.execPath, [...args, '--rounds', '5000', '--size', '1kB'], {
        stdio: 'ignore',
      });
      let pid = 0;
      await expect
        .poll(
          async () => {
            pid = await fetch(url)
              .then(answer => answer.json() as Promise<{ pid: number }>)
              .then(
                each => each.pid,
                () => 0,
              );
            return pid;
          },
          { timeout: 10_000 },
        )
        .toBeGreaterThan(0);
      leakhunt.kill('SIGKILL');
      await once(leakhunt, 'exit');
      await expect.poll(() => lives(pid), { timeout: 5_000 }).toBe(false);
    });

    test('that ends before it is ready is refused with its exit status and its last lines', async () => {
      const ready = new URL(`http://127.0.0.1:${await freePort()}/`);
      const options = { ready, readyTimeout: 10, stopTimeout: 1 };
      await expect(startTarget({ ...options, command: 'echo no database; exit 3' })).rejects.toMatchObject({
        exitCode: 4,
        message: expect.stringMatching(/exited with status 3.*no database/s),
      });
    });

    test('that does not answer in time is refused, and ended', async () => {
      const ready = new URL(`http://127.0.0.1:${await freePort()}/`);
      await expect(
        startTarget({ command: 'sleep 600', ready, readyTimeout: 0.1, stopTimeout: 1 }),
      ).rejects.toMatchObject({ code: 'NOT_READY', exitCode: 4 });
    });
  },
);

describe('leakhunt upload --start', () => {
  test('hunts a target from its start to its end', async () => {
    const port = await freePort();
    const ran = await runCli([
      ...[
        'upload',
        `http://127.0.0.1:${port}/`,
        '--start',
        `node ${await serverFile()}`,
        '--env',
        `PORT=${port}`,
      ],
      ...['-n', '10', '--rounds', '3', '--size', '1kB', '--json', '-'],
    ]);
    const record = JSON.parse(ran.stdout);
    expect(record.load.completed).toBe(50);
    expect(record.target.probes.map(({ source }: { source: string }) => source)).toEqual(
      expect.arrayContaining(['inspector', 'pid']),
    );
    expect(lives(record.target.pid)).toBe(false);
  });

  test.each([
    [['--cwd', '/tmp'], 'add --start'],
    [['--start', 'x', '--env', 'nonsense'], '--env "***" is not KEY=VALUE'],
    [['--start', 'x', '--ready', 'not a url'], '"not a url" is not a URL'],
  ])('%j is refused', async (flags, words) => {
    const ran = await runCli(['upload', 'http://127.0.0.1:1/', ...flags]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(words);
  });
});
