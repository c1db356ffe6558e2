import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { startTime } from './procfs.js';

/** Tells other hunts on this machine that a target is hunted, and notices theirs. */
export interface HuntMark extends AsyncDisposable {
  /**
   * The processes that have hunted the same target since this mark was set, which may be other hunts of this
   * process.
   */
  others(): Promise<number[]>;
}

let marks = 0;

/**
 * Marks a target by a socket in the abstract namespace (unix(7)): it leaves no file, and disappears with its
 * process however that ends. Its name identifies the target, by its process or else by where the uploads go,
 * and the hunter. A hunt looks for the marks of others when it begins and when it ends, and connects to those
 * that it finds, so that they notice it. Linux only: elsewhere nobody is noticed.
 */
export async function markHunt(target: { url: URL; pid?: number }): Promise<HuntMark> {
  const key = await keyOf(target);
  marks += 1;
  const name = `leakhunt-${key}-${process.pid}-${marks}`;
  const found = new Set<number>();
  const look = async () => {
    for (const other of (await namesOf(key)).filter(each => each !== name)) {
      found.add(pidIn(other));
      const socket = connect(`\0${other}`, () => socket.end(`${name}\n`));
      socket.on('error', () => {}).unref();
    }
  };
  const visitors = new Set<Socket>();
  const server = createServer(socket => {
    visitors.add(socket);
    socket.unref().on('error', () => {});
    socket.on('close', () => visitors.delete(socket));
    socket.once('data', text => {
      const pid = pidIn(String(text).trim());
      if (pid > 0) found.add(pid);
      socket.destroy();
    });
  });
  server.on('error', () => {});
  if (process.platform === 'linux') {
    await new Promise<void>(resolve => {
      server.once('error', () => resolve());
      server.listen(`\0${name}`, resolve);
    });
    server.unref();
    await look();
  }
  return {
    others: async () => {
      await look();
      return [...found].sort((a, b) => a - b);
    },
    // Anybody can connect, and stay.
    [Symbol.asyncDispose]: () => {
      for (const socket of visitors) socket.destroy();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
}

/** A process is identified by its id and its start; if it cannot be seen, only the origin is known. */
async function keyOf({ url, pid }: { url: URL; pid?: number }): Promise<string> {
  const started = pid === undefined ? undefined : await startTime(pid).catch(() => undefined);
  const named = started === undefined ? url.origin : `${pid} ${started}`;
  return createHash('sha256').update(named).digest('hex').slice(0, 16);
}

/** The marks of a target, as the kernel lists them: an at sign stands for each NUL. */
async function namesOf(key: string): Promise<string[]> {
  const table = await readFile('/proc/net/unix', 'utf8').catch(() => '');
  return [
    ...new Set([...table.matchAll(/ @(leakhunt-[\da-f]{16}-\d+-\d+)@*$/gm)].map(([, name]) => name!)),
  ].filter(name => name.startsWith(`leakhunt-${key}-`));
}

function pidIn(name: string): number {
  return Number(/^leakhunt-[\da-f]{16}-(\d{1,10})-\d{1,10}$/.exec(name)?.[1] ?? 0);
}
