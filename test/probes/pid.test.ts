import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { pid } from '../../src/probes/sources/pid.js';
import { locate } from '../../src/target/locate/locate.js';
import { serve } from '../support/servers.js';

const here = { url: new URL('http://127.0.0.1:1'), ports: [] };

/** A Node process that does what it is told, with a temp folder of its own. */
async function childWithTmp() {
  const folder = await mkdtemp(join(tmpdir(), 'leakhunt-test-'));
  const code = `
    const { openSync } = require('fs'), { createServer, connect } = require('net');
    const server = createServer().listen(0, '127.0.0.1', () => process.send('ready'));
    process.on('message', what => {
      if (what === 'file') openSync(process.execPath);
      if (what === 'socket') return connect(server.address().port, '127.0.0.1', () => setImmediate(() => process.send('done')));
      process.send('done');
    });`;
  await writeFile(join(folder, 'child.cjs'), code);
  const child = fork(join(folder, 'child.cjs'), {
    env: { ...process.env, TMPDIR: folder, NODE_OPTIONS: '' },
    execArgv: [],
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });
  await once(child, 'message');
  const tell = async (what: string) => {
    child.send(what);
    await once(child, 'message');
  };
  return { pid: child.pid!, folder, tell, kill: () => child.kill('SIGKILL'), ended: once(child, 'exit') };
}

describe.skipIf(process.platform !== 'linux')('/proc (Linux only)', () => {
  test('counts files, sockets and temp files of a process, each exactly', async () => {
    const child = await childWithTmp();
    const probe = await pid({ ...here, pid: child.pid });
    const before = (await probe.read(false, { reading: 0, kind: 'start', uploads: 0 })).values;
    for (let i = 0; i < 3; i += 1) await child.tell('file');
    for (let i = 0; i < 2; i += 1) await child.tell('socket');
    await writeFile(join(child.folder, 'left-behind'), 'x'.repeat(1000));
    const after = (await probe.read(false, { reading: 1, kind: 'upload', uploads: 1 })).values;
    expect(after['open-files']! - before['open-files']!).toBe(3);
    expect(after.sockets! - before.sockets!).toBe(4); // both ends live in that process
    expect([before['temp-files'], before.disk]).toEqual([0, 0]);
    expect([after['temp-files'], after.disk]).toEqual([1, 1000]);
    expect(after.rss).toBeGreaterThan(10e6);
    expect(after.anon).toBeLessThan(after.rss!);
    expect(after.threads).toBeGreaterThan(1);
  });

  test('a process that has ended is an error, not a zero', async () => {
    const child = await childWithTmp();
    const probe = await pid({ ...here, pid: child.pid });
    child.kill();
    await child.ended;
    await expect(probe.read()).rejects.toThrow('it has exited');
  });

  test('a process is found by the port it listens on, with its other ports', async () => {
    const origin = await serve((_, response) => response.end());
    const other = await serve((_, response) => response.end());
    const target = await locate(new URL(origin), { connectTimeout: 5, insecure: false });
    expect(target.pid).toBe(process.pid);
    expect(target.ports).toEqual(
      expect.arrayContaining([Number(new URL(origin).port), Number(new URL(other).port)]),
    );
  });

  test.each([
    ['0', 'is not a process id'],
    ['x', 'is not a process id'],
    ['999999999', 'there is no process'],
  ])('--probe pid=%s is refused', async (argument, words) => {
    await expect(pid(here, argument)).rejects.toThrow(words);
  });
});
