import { Worker } from 'node:worker_threads';
import { parseTcpTable, type TcpSocket } from '../processes/sockets.js';

/** Indices in the memory that both threads share: the watch has ended; a message waits to be read. */
const ended = 0;
const waiting = 1;

/** Plain JavaScript, so that it runs unchanged from the sources and from the package. */
const program = `
const { parentPort, workerData: { pid, state } } = require('node:worker_threads');
const { readFileSync } = require('node:fs');
const [ended, waiting] = [0, 1];
const seen = new Set();
let fresh = [];
const look = table => {
  for (const row of readFileSync('/proc/' + pid + '/net/' + table, 'utf8').split('\\n')) {
    const [, local, remote, status, queues, , , , , inode, , , ...timers] = row.trim().split(/\\s+/);
    // Most of a long table are connections that have ended: they are counted later.
    if (status === '06') continue;
    const key = [local, remote, status, queues, inode, ...timers].join(' ');
    if (seen.has(key)) continue;
    seen.add(key);
    fresh.push(row);
  }
};
const tell = () => parentPort.postMessage(fresh.splice(0).join('\\n'));
do {
  for (const table of ['tcp', 'tcp6']) try { look(table); } catch {}
  if (fresh.length > 0 && Atomics.exchange(state, waiting, 1) === 0) tell();
} while (Atomics.load(state, ended) === 0);
tell();
`;

/**
 * Reads the TCP table of a process's network namespace again and again until it is disposed of, in a thread
 * of its own that has begun once this resolves: the kernel takes milliseconds to write a long table, and the
 * connections to find may be shorter.
 */
export async function watchTable(
  pid: number,
  look: (sockets: TcpSocket[]) => void,
): Promise<AsyncDisposable> {
  const state = new Int32Array(new SharedArrayBuffer(8));
  const thread = new Worker(program, { eval: true, workerData: { pid, state }, execArgv: [] });
  const gone = new Promise<void>(resolve => {
    thread.once('exit', () => resolve());
  });
  const begun = new Promise<void>(resolve => {
    thread.once('message', () => resolve());
  });
  thread.on('message', text => {
    look(parseTcpTable(text));
    // At most one message waits: many would keep this thread from the uploads.
    Atomics.store(state, waiting, 0);
  });
  // Without it less is seen, and the hunt says so.
  thread.on('error', () => {});
  await Promise.race([begun, gone]);
  return {
    async [Symbol.asyncDispose]() {
      Atomics.store(state, ended, 1);
      await gone;
    },
  };
}
