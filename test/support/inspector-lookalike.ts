import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What an inspector sends for a call: its answer, or messages of any kind. */
export type Answers = (method: string, id: number) => object[] | Promise<object[]>;

/**
 * A server that speaks WebSocket (RFC 6455) as Node's inspector does, with answers from the test; its
 * address.
 */
export async function serveInspector(answers: Answers): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('upgrade', ({ headers }, socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    const accept = createHash('sha1')
      .update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    let received = Buffer.alloc(0);
    socket.on('data', chunk => {
      received = Buffer.concat([received, chunk]);
      for (let text = next(); text !== undefined; text = next()) {
        const { id, method } = JSON.parse(text);
        void answer(method, id);
      }
    });

    async function answer(method: string, id: number): Promise<void> {
      for (const message of await answers(method, id)) socket.write(frameOf(JSON.stringify(message)));
    }

    /** The next text message that is here as a whole; a masked frame of less than 64 KiB. */
    function next(): string | undefined {
      const short = (received[1] ?? 0) & 127;
      const start = short === 126 ? 4 : 2;
      if (received.length < start) return undefined;
      const end = start + 4 + (short === 126 ? received.readUInt16BE(2) : short);
      if (received.length < end) return undefined;
      const mask = received.subarray(start, start + 4);
      const text = received.subarray(start + 4, end).map((byte, i) => byte ^ mask[i % 4]!);
      const isText = (received[0]! & 15) === 1;
      received = received.subarray(end);
      return isText ? Buffer.from(text).toString() : undefined;
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/1`;
}

function frameOf(text: string): Buffer {
  const payload = Buffer.from(text);
  const head =
    payload.length < 126 ? Buffer.from([0x81, payload.length]) : Buffer.from([0x81, 127, ...length(payload)]);
  return Buffer.concat([head, payload]);
}

function length(payload: Buffer): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(payload.length));
  return bytes;
}
