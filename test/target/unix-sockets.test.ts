import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { locate } from '../../src/target/locate/locate.js';
import { listenersIn, pidsListeningAt } from '../../src/target/processes/unix-sockets.js';

const table = `Num       RefCount Protocol Flags    Type St Inode Path
00000000820581e3: 00000003 00000000 00000000 0001 03  1073
00000000a62df9be: 00000002 00000000 00010000 0001 01 20741 /run/app.sock
00000000a62df9bf: 00000003 00000000 00000000 0001 03 20742 /run/app.sock
00000000a62df9c0: 00000002 00000000 00010000 0001 01 20743 @/run/app.sock
00000000a62df9c1: 00000002 00000000 00010000 0001 01 20744 /run/with a blank
`;

test('what listens is told from connections, and a path from an abstract name', () => {
  expect(listenersIn(table, '/run/app.sock')).toEqual(['20741']);
  expect(listenersIn(table, '/run/../run/app.sock')).toEqual(['20741']);
  expect(listenersIn(table, '/run/with a blank')).toEqual(['20744']);
  expect(listenersIn(table, '/run/other.sock')).toEqual([]);
});

test.runIf(process.platform === 'linux')('the process behind a Unix socket is found', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'leakhunt-test-'));
  const unixSocket = join(folder, 'app.sock');
  const server = createServer(socket => socket.on('error', () => {}));
  await new Promise<void>(resolve => server.listen(unixSocket, resolve));
  onTestFinished(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });
  expect(await pidsListeningAt(unixSocket)).toEqual([process.pid]);
  const options = { connectTimeout: 5, insecure: false, unixSocket };
  expect(await locate(new URL('http://localhost/upload'), options)).toMatchObject({ pid: process.pid });
});
