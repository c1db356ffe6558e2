import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { onTestFinished } from 'vitest';

/** A server of whatever a fault needs, on a free port; its origin. It is gone when the test ends. */
export async function serveFault(listener: RequestListener): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => listener(request, response));
  });
  onTestFinished(() => server.closeAllConnections());
  return listening(server);
}

/** One that gives the same bytes to whoever sends a request, and closes. */
export async function serveBytes(bytes: string | Buffer): Promise<string> {
  return listening(
    createTcpServer(socket => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(bytes));
    }),
  );
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Flags of a hunt that is over soon. */
export const short =
  '-n 5 -c 1 --rounds 3 --warm-up 1 --size 1kB --settle 0.05 --drain 0.1 --allow-inconclusive';
