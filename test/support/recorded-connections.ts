import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';

/** What arrived over one connection. */
export interface Recorded {
  head: string;
  body: Buffer;
  /** How the client's side ended. */
  ended: Promise<'fin' | 'reset'>;
}

export interface Recorder {
  origin: string;
  connections: Recorded[];
  close(): void;
}

/** Called with all that has arrived so far whenever something has. */
export type Reaction = (socket: Socket, recorded: Recorded) => void;

/**
 * A server that records what arrives and how it ends, and does nothing else by default; `at` may be a Unix
 * socket.
 */
export async function record(
  reaction: Reaction = () => {},
  { tls = false, at }: { tls?: boolean; at?: string } = {},
): Promise<Recorder> {
  const connections: Recorded[] = [];
  const sockets = new Set<Socket>();
  const listen = (socket: Socket) => {
    sockets.add(socket);
    let all = Buffer.alloc(0);
    const ended = new Promise<'fin' | 'reset'>(resolve => {
      socket.on('end', () => resolve('fin'));
      socket.on('error', error => (error as NodeJS.ErrnoException).code === 'ECONNRESET' && resolve('reset'));
    });
    const recorded = { head: '', body: Buffer.alloc(0), ended };
    connections.push(recorded);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', bytes => {
      all = Buffer.concat([all, bytes]);
      const end = all.indexOf('\r\n\r\n') + 4;
      if (end >= 4)
        Object.assign(recorded, { head: all.toString('latin1', 0, end), body: all.subarray(end) });
      reaction(socket, recorded);
    });
  };
  const pem = (name: string) => readFileSync(new URL(`tls/${name}.pem`, import.meta.url));
  const options = { allowHalfOpen: true };
  const server: Server = tls
    ? createTlsServer({ ...options, cert: pem('self-signed'), key: pem('key') }, listen)
    : createServer(options, listen);
  await new Promise<void>(resolve => {
    if (at === undefined) server.listen(0, '127.0.0.1', resolve);
    else server.listen(at, resolve);
  });
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  onTestFinished(close);
  const { port } = server.address() as AddressInfo;
  return { origin: `http${tls ? 's' : ''}://127.0.0.1:${port ?? 80}`, connections, close };
}

/** Answers with a status, and closes. */
export function answerWith(socket: Socket, status: number): void {
  socket.end(`HTTP/1.1 ${status} Status\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
}

/** Answers once the body is as long as its head says. */
export const answerWhole: Reaction = (socket, { head, body }) => {
  if (body.length === declared(head)) answerWith(socket, 200);
};

/** The length that a head declares for its body. */
export function declared(head: string): number {
  return Number(/content-length: (\d+)/i.exec(head)?.[1]);
}
