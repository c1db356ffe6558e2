import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { locate } from '../../src/target/locate/locate.js';
import * as lsof from '../../src/target/processes/lsof.js';
import * as procfs from '../../src/target/processes/procfs.js';
import { serve } from '../support/servers.js';

const hasLsof = spawnSync('lsof', ['-v']).error === undefined;

/** A Node server that leakhunt did not start, its inspector closed. */
async function plainNode(): Promise<{ url: URL; pid: number }> {
  const code = `require('http').createServer((_, r) => r.end()).listen(0, '127.0.0.1', function () { console.log(this.address().port) })`;
  const child = spawn(process.execPath, ['-e', code], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { NODE_OPTIONS: '--inspect-port=0' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [port] = await once(child.stdout, 'data');
  return { url: new URL(`http://127.0.0.1:${String(port).trim()}/`), pid: child.pid! };
}

describe.runIf(process.platform === 'linux')(
  'a process behind a port (looked at in /proc: Linux only)',
  () => {
    test('is known by what it runs on', async () => {
      const { url, pid } = await plainNode();
      const target = await locate(url, { connectTimeout: 5, insecure: false });
      expect(target).toMatchObject({ pid, runtime: 'node', ports: [Number(url.port)] });
    });

    test('opens its inspector only when signals are allowed', async () => {
      const { url } = await plainNode();
      const options = { connectTimeout: 5, insecure: false };
      expect((await locate(url, options)).ports).toHaveLength(1);
      expect((await locate(url, { ...options, allowSignals: true })).ports).toHaveLength(2);
    });
  },
);

describe.runIf(hasLsof && process.platform === 'linux')('lsof (skipped where it is not installed)', () => {
  test('says the same as /proc', async () => {
    const port = Number(new URL(await serve((_, response) => response.end())).port);
    expect(await lsof.pidsListeningOn(port)).toEqual(await procfs.pidsListeningOn(port));
    const [ours, theirs] = await Promise.all([lsof.portsOf(process.pid), procfs.portsOf(process.pid)]);
    expect(ours.sort()).toEqual(theirs.sort());
    expect(ours).toContain(port);
  });

  test('finds nothing on a port where nothing listens', async () => {
    expect(await lsof.pidsListeningOn(1)).toEqual([]);
  });
});
