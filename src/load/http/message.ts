import type { Readable } from 'node:stream';
import { requestTarget } from '../../net/route.js';
import { isPublicHeader } from '../../secrets/public.js';
import type { UploadRequest } from '../request.js';
import { chunked, chunkedStream } from './chunked.js';

/** A request as it is sent over HTTP/1.1; a small body is part of `head`. */
export interface Message {
  head: Buffer;
  body?: Buffer | Readable;
  /** The expected length of a streamed body in bytes; undefined if it is chunked. */
  size?: number;
  /** Whether the body waits for a 100 (Continue). */
  expects: boolean;
}

/** Up to this size a body is sent in one piece with its head: one write costs more than the copy. */
const smallBody = 64 * 1024;

/**
 * Makes the request for a URL: its bytes are made once and shared by all uploads, a stream is opened for
 * each.
 */
export function messagesOf(request: UploadRequest): (url: URL, serial: number, cookie?: string) => Message {
  const inChunks = sendsChunked(request.headers);
  const expects = headerValue(request.headers, 'expect')?.toLowerCase() === '100-continue';
  let homeHead: Buffer | undefined;
  const sharing = request.body.segments.every(each => Buffer.isBuffer(each));
  let shared: Buffer | undefined;
  let ready: Message | undefined;

  return (url, serial, cookie) => {
    const plain = url === request.url && cookie === undefined;
    if (ready && plain) return ready;
    const body = shared ?? request.body.open(serial);
    // Only the head for the request's own URL is kept: a server may redirect each upload to a different URL.
    const head = (plain && homeHead) || headOf(request, url, cookie);
    if (plain) homeHead = head;
    if (!Buffer.isBuffer(body)) {
      return inChunks
        ? { head, body: chunkedStream(body), expects }
        : { head, body, size: request.body.size, expects };
    }
    const bytes = inChunks && !shared ? chunked(body) : body;
    if (sharing) shared = bytes;
    const joined = bytes.length <= smallBody && !expects;
    const message = joined
      ? { head: Buffer.concat([head, bytes]), body: undefined, expects }
      : { head, body: bytes, expects };
    if (sharing && plain) ready = message;
    return message;
  };
}

/** Whether the user's own headers ask for a body in chunks. */
export function sendsChunked(headers: readonly string[]): boolean {
  return /\bchunked\s*$/i.test(headerValue(headers, 'transfer-encoding') ?? '');
}

/** The value of one of the user's own headers. */
export function headerValue(headers: readonly string[], name: string): string | undefined {
  const at = headers.findIndex((each, i) => i % 2 === 0 && each.toLowerCase() === name);
  return at < 0 ? undefined : headers[at + 1]!.trim();
}

/**
 * Headers that are for the request's host alone: a redirect must not carry them elsewhere. curl keeps more
 * than this.
 */
function isOwnHostOnly(name: string): boolean {
  return name === 'host' || !isPublicHeader(name);
}

/** The user's headers as they are sent to a URL, with the cookies of the redirects on the way. */
export function fieldsTo(request: UploadRequest, url: URL, cookie?: string): [string, string][] {
  const { headers } = request;
  const home = url.origin === request.url.origin;
  const fields: [string, string][] = [];
  let cookies = cookie;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]!.toLowerCase();
    if (!home && isOwnHostOnly(name)) continue;
    if (name === 'cookie' && cookie !== undefined) cookies = `${headers[i + 1]}; ${cookie}`;
    else fields.push([headers[i]!, headers[i + 1]!]);
  }
  if (cookies !== undefined) fields.push(['Cookie', cookies]);
  return fields;
}

/** The head of a request (RFC 9112, section 3), including its body's length. */
function headOf(request: UploadRequest, url: URL, cookie?: string): Buffer {
  const { method, body, keepAlive = true } = request;
  const { target, authorization } = requestTarget(url, request);
  const fields = fieldsTo(request, url, cookie);
  const has = (name: string) => fields.some(([each]) => each.toLowerCase() === name);
  const lines = [`${method} ${target} HTTP/1.1`];
  if (!has('host')) lines.push(`Host: ${url.host}`);
  if (authorization !== undefined) lines.push(`Proxy-Authorization: ${authorization}`);
  for (const [name, value] of fields) lines.push(`${name}: ${value}`);
  if (!keepAlive && !has('connection')) lines.push('Connection: close');
  if (!has('content-length') && !sendsChunked(request.headers)) lines.push(`Content-Length: ${body.size}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
}
