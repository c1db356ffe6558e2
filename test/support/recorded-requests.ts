import type { Socket } from 'node:net';
import { serveTcp } from './servers.js';

/** A request as it came over the wire, its body without the framing of chunks. */
export interface Recorded {
  method: string;
  target: string;
  /** Name and value of each header, in their order. */
  headers: [string, string][];
  body: Buffer;
}

/** A server that keeps every request and answers each with 200; `take` hands over the next one. */
export async function recordingServer(): Promise<{ origin: string; take(): Recorded }> {
  const recorded: Recorded[] = [];
  const origin = await serveTcp(socket => record(socket, request => recorded.push(request)));
  const take = () => {
    const request = recorded.shift();
    if (!request) throw new Error('no request has arrived');
    return request;
  };
  return { origin, take };
}

function record(socket: Socket, keep: (request: Recorded) => void): void {
  let bytes = Buffer.alloc(0);
  let continued = false;
  socket.on('data', chunk => {
    bytes = Buffer.concat([bytes, chunk]);
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0) return;
    const [first, ...lines] = bytes.toString('utf8', 0, end).split('\r\n');
    const headers = lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
    const value = (name: string) => headers.find(([each]) => each.toLowerCase() === name)?.[1];
    if (value('expect') !== undefined && !continued) {
      continued = true;
      socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    }
    const body = bodyOf(bytes.subarray(end + 4), value('content-length'), value('transfer-encoding'));
    if (!body) return;
    const [method = '', ...target] = first!.replace(/ HTTP\/1\.1$/, '').split(' ');
    keep({ method, target: target.join(' '), headers, body });
    bytes = Buffer.alloc(0);
    continued = false;
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  });
}

/** The body once it is whole. */
function bodyOf(bytes: Buffer, length = '0', coding?: string): Buffer | undefined {
  if (coding !== 'chunked') return bytes.length < Number(length) ? undefined : bytes;
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = bytes.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16);
    const end = line + 2 + size;
    if (bytes.length < end + 2) return undefined;
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(line + 2, end));
    at = end + 2;
  }
}
