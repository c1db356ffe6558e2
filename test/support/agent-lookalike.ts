import { rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

type Answer = object | string | ((socket: Socket) => void) | undefined;

const usual: Record<string, object> = {
  hello: { agent: 1, runtime: 'python', version: '3.11.7', pid: 4711 },
  read: { pid: 4711, blocks: 31_000, tasks: 0 },
  trace: {},
  sites: { memory: [], files: [], 'open-files': [], sockets: [], threads: [], tasks: [] },
  'kept-by': { kept: [] },
};

let sockets = 0;

/** A socket that answers as an agent in a Python process does, but for the requests that `instead` answers. */
export async function serveAgent(
  instead: (what: string, asked: number) => Answer = () => undefined,
): Promise<string> {
  sockets += 1;
  const path = join(tmpdir(), `lookalike-${process.pid}-${sockets}.sock`);
  const asked = new Map<string, number>();
  const open = new Set<Socket>();
  const server = createServer(socket => {
    open.add(socket.on('error', () => {}).on('close', () => open.delete(socket)));
    socket.once('data', line => {
      const what = String((JSON.parse(String(line)) as { do: string }).do);
      const count = (asked.get(what) ?? 0) + 1;
      asked.set(what, count);
      const answer = instead(what, count) ?? usual[what]!;
      if (typeof answer === 'function') answer(socket);
      else socket.end(`${typeof answer === 'string' ? answer : JSON.stringify(answer)}\n`);
    });
  });
  await new Promise<void>(resolve => server.listen(path, resolve));
  onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    server.close();
    await rm(path, { force: true });
  });
  return path;
}

/** Sends so many bytes without a line end, as fast as they are taken. */
export function flood(bytes: number): (socket: Socket) => void {
  const chunk = Buffer.alloc(2 ** 20, 0x20);
  return socket => {
    let left = bytes;
    const more = () => {
      while (left > 0 && !socket.destroyed) {
        left -= chunk.length;
        if (!socket.write(chunk)) return void socket.once('drain', more);
      }
    };
    more();
  };
}
