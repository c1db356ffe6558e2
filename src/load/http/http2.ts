import type { ClientHttp2Stream, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2';
import type { Readable } from 'node:stream';
import { messageOf } from '../../errors.js';
import { codedError } from '../../net/coded-error.js';
import type { UploadRequest } from '../request.js';
import type { Http2Sessions, Shared } from './http2-sessions.js';
import { fieldsTo, sendsChunked } from './message.js';
import type { Response } from './response.js';
import { FirstLine } from './response-parts.js';
import { TextSearch } from './text-search.js';
import type { Receiver, Transport } from './transport.js';

/** The error codes of RFC 9113, section 7, in their order. */
const errorCodes =
  'NO_ERROR PROTOCOL_ERROR INTERNAL_ERROR FLOW_CONTROL_ERROR SETTINGS_TIMEOUT STREAM_CLOSED FRAME_SIZE_ERROR REFUSED_STREAM CANCEL COMPRESSION_ERROR CONNECT_ERROR ENHANCE_YOUR_CALM INADEQUATE_SECURITY HTTP_1_1_REQUIRED'.split(
    ' ',
  );
const [noError, refusedStream, cancel] = [0, 7, 8];

/** One upload under way. */
interface StreamExchange {
  shared?: Shared;
  stream?: ClientHttp2Stream;
  /** Why the body could not be read. */
  unreadable?: Error;
  told: boolean;
  released?: boolean;
}

/** HTTP/2: each upload is a stream of its own on a shared session. */
export class Http2Transport implements Transport {
  readonly #request: UploadRequest;
  readonly #sessions: Http2Sessions;
  readonly #receiver: Receiver;
  #current: StreamExchange | undefined;
  /** Until the first 2xx, whose first line is kept as well. */
  #first = true;

  constructor(request: UploadRequest, sessions: Http2Sessions, receiver: Receiver) {
    this.#request = request;
    this.#sessions = sessions;
    this.#receiver = receiver;
  }

  send(url: URL, serial: number, cookie?: string): void {
    const exchange: StreamExchange = { told: false };
    this.#current = exchange;
    this.#sessions.acquire(url).then(
      shared => {
        exchange.shared = shared;
        if (exchange.told) release(exchange);
        else this.#exchange(exchange, url, serial, cookie);
      },
      error => this.#fail(exchange, error),
    );
  }

  cancel(error: Error): void {
    const exchange = this.#current;
    if (!exchange || exchange.told) return;
    exchange.stream?.close(cancel);
    this.#fail(exchange, error);
  }

  close(error: Error): void {
    this.cancel(error);
    this.#sessions.close(error);
  }

  #exchange(exchange: StreamExchange, url: URL, serial: number, cookie?: string): void {
    const { session } = exchange.shared!;
    let stream: ClientHttp2Stream;
    try {
      const body = this.#request.body.open(serial);
      stream = session.request(headersOf(this.#request, url, cookie), { endStream: false });
      exchange.stream = stream;
      if (Buffer.isBuffer(body)) stream.end(body);
      else pipeInto(stream, body, exchange);
    } catch (error) {
      release(exchange);
      this.#fail(exchange, error as Error);
      return;
    }
    let status = 0;
    let found: IncomingHttpHeaders = {};
    const text = new FirstLine();
    const wanted = this.#request.expected?.text;
    const search = wanted === undefined ? undefined : new TextSearch(wanted);
    const tells = this.#first || search !== undefined;
    let failure: Error | undefined;
    stream.on('response', headers => {
      found = headers;
      status = headers[':status'] ?? 0;
    });
    stream.on('data', (bytes: Buffer) => {
      if (tells || status >= 300) text.add(bytes, 0, bytes.length);
      search?.add(bytes, 0, bytes.length);
    });
    stream.on('error', error => {
      failure = error;
    });
    stream.once('end', () => {
      if (status === 0 || exchange.told) return;
      exchange.told = true;
      if (status < 300) this.#first = false;
      exchange.shared!.carried += 1;
      // Once both sides are done the stream is over: the next upload may take its place.
      if (stream.writableFinished) release(exchange);
      else stream.close(noError);
      this.#receiver.onAnswer({ ...answerOf(status, found, text), contains: search?.found });
    });
    stream.once('close', () => {
      release(exchange);
      const error = exchange.unreadable ?? failureOf(stream, failure);
      this.#fail(exchange, error, status === 0 && wasRefused(stream));
    });
  }

  #fail(exchange: StreamExchange, error: Error, unread = false): void {
    if (exchange.told) return;
    exchange.told = true;
    this.#receiver.onFailure(error, unread && exchange.shared!.carried > 0);
  }
}

/** Returns a stream's place in its session, once. */
function release(exchange: StreamExchange): void {
  if (exchange.released) return;
  exchange.released = true;
  exchange.shared!.open -= 1;
}

function pipeInto(stream: ClientHttp2Stream, body: Readable, exchange: StreamExchange): void {
  body.once('error', error => {
    exchange.unreadable = error;
    stream.destroy(error);
  });
  body.pipe(stream);
  // If the server needs no more of it, the rest is not read from disk.
  stream.once('close', () => body.destroy());
}

/** The fields of a request, without those about an HTTP/1.1 connection (RFC 9113, section 8.2.2). */
function headersOf(request: UploadRequest, url: URL, cookie?: string): OutgoingHttpHeaders {
  const headers: Record<string, string | string[]> = {
    ':method': request.method,
    ':scheme': url.protocol.slice(0, -1),
    ':authority': url.host,
    ':path': `${url.pathname}${url.search}`,
  };
  for (const [field, value] of fieldsTo(request, url, cookie)) {
    const name = field.toLowerCase();
    if (/^(connection|keep-alive|proxy-connection|transfer-encoding|upgrade|te|expect)$/.test(name)) continue;
    if (name === 'host') headers[':authority'] = value;
    else headers[name] = headers[name] === undefined ? value : [headers[name], value].flat();
  }
  if (!sendsChunked(request.headers)) headers['content-length'] ??= String(request.body.size);
  return headers;
}

function answerOf(status: number, headers: IncomingHttpHeaders, text: FirstLine): Response {
  const redirects = status >= 300 && status < 400;
  return {
    status,
    location: redirects ? headers.location : undefined,
    cookies: redirects ? headers['set-cookie'] : undefined,
    firstLine: text.line,
    reusable: true,
  };
}

/**
 * The server reports that it has not processed the stream: reset as refused, or cut off by the end of its
 * session.
 */
function wasRefused({ rstCode, session }: ClientHttp2Stream): boolean {
  return rstCode === refusedStream || session === undefined || session.destroyed || session.closed;
}

/** Resets are counted by the code that the server gave. */
function failureOf({ rstCode }: ClientHttp2Stream, error: Error | undefined): Error {
  const name = errorCodes[rstCode] ?? String(rstCode);
  if (rstCode !== noError && rstCode !== cancel) {
    return codedError(`HTTP2_${name}`, `the server reset the stream: ${name}`);
  }
  const why = error ? ` (${messageOf(error)})` : '';
  return codedError('ECONNRESET', `the server closed the connection without a response${why}`);
}
