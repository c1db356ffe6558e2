import type { Readable } from 'node:stream';
import type { UploadRequest } from './client.js';

/** A request as it goes over the wire; a small body is part of `head`. */
export interface Message {
  head: Buffer;
  body?: Buffer | Readable;
}

/** Up to this size a body is sent in one piece with its head: one write costs more than the copy. */
const smallBody = 64 * 1024;

/** Makes the request to a URL: its bytes are made once and shared by all uploads, a stream is opened for each. */
export function messagesOf(request: UploadRequest): (url: URL) => Message {
  const heads = new Map<string, Buffer>();
  return url => {
    const body = request.body.open();
    const joined = Buffer.isBuffer(body) && body.length <= smallBody;
    let head = heads.get(url.href);
    if (!head) {
      head = headOf(request, url);
      if (joined) head = Buffer.concat([head, body]);
      heads.set(url.href, head);
    }
    return joined ? { head } : { head, body };
  };
}

/** The head of a request (RFC 9112, section 3), its body's length included. */
function headOf({ method, headers, body }: UploadRequest, url: URL): Buffer {
  const lines = [`${method} ${url.pathname}${url.search} HTTP/1.1`];
  const names = headers.filter((_, i) => i % 2 === 0).map(name => name.toLowerCase());
  if (!names.includes('host')) lines.push(`Host: ${url.host}`);
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  if (!names.includes('content-length')) lines.push(`Content-Length: ${body.size}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
}
