import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { locate } from '../../src/target/locate/locate.js';
import { freePort } from '../support/servers.js';
import { startTarget } from '../support/target.js';

const program = fileURLToPath(new URL('app.mjs', import.meta.url));
const options = { connectTimeout: 5, insecure: false };

async function app(host: string, port = 0) {
  const target = await startTarget(process.execPath, [program, 'flat', host, String(port)]);
  onTestFinished(async () => void (await target.stop()));
  return { ...target, port: Number(new URL(target.url).port) };
}

describe.runIf(process.platform === 'linux')('the process behind an address (by /proc: Linux only)', () => {
  test.each([hostname(), '[::]', '[::1]', '127.0.0.1', '0.0.0.0', 'localhost'])(
    'is found where this machine is called %s',
    async host => {
      const { pid, port } = await app('::');
      expect(await locate(new URL(`http://${host}:${port}/upload`), options)).toMatchObject({ pid });
    },
  );

  test('is the one that listens there, of two on the same port', async () => {
    const four = await app('127.0.0.1', await freePort());
    const six = await app('::1', four.port);
    const pidAt = async (host: string) =>
      (await locate(new URL(`http://${host}:${four.port}/`), options)).pid;
    expect([await pidAt('127.0.0.1'), await pidAt('[::1]')]).toEqual([four.pid, six.pid]);
  });
});

describe.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  "another user's process (as root: another user is needed)",
  () => {
    test('is said to be that, with what to do', async () => {
      const { port } = await app('127.0.0.1');
      const code = `
        const { locate } = await import(process.argv[1]);
        const target = await locate(new URL(process.argv[2]), { connectTimeout: 5, insecure: false });
        console.log(JSON.stringify(target));`;
      const source = new URL('../../src/target/locate/locate.ts', import.meta.url).href;
      const tsx = import.meta.resolve('tsx');
      const args = ['--import', tsx, '--input-type=module', '-e', code, source, `http://127.0.0.1:${port}/`];
      const child = spawn(process.execPath, args, { uid: 65_534, gid: 65_534, cwd: '/' });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (output += text));
      await once(child, 'close');
      expect(output).toContain(`port ${port} belongs to a process of user root (uid 0)`);
      expect(output).toContain('run leakhunt as that user or with sudo, or give --probe');
    });
  },
);
