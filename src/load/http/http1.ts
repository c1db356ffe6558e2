import { codedError } from '../../net/coded-error.js';
import type { UploadRequest } from '../request.js';
import { Connection } from './connection.js';
import { headerValue, type messagesOf } from './message.js';
import type { Receiver, Transport } from './transport.js';

/** More origins than the redirects of one upload can lead to. */
const mostElsewhere = 16;

/** HTTP/1.1: a connection for each origin that redirects lead to, kept alive by default. */
export class Http1Transport implements Transport {
  readonly #request: UploadRequest;
  readonly #messageTo: ReturnType<typeof messagesOf>;
  readonly #receiver: Receiver;
  readonly #keepAlive: boolean;
  readonly #elsewhere = new Map<string, Connection>();
  /** The connection to the request's own origin. */
  #home: Connection | undefined;
  #current: Connection | undefined;

  /** `messageTo` is shared by the clients of a round, and so are the bytes they send. */
  constructor(request: UploadRequest, messageTo: ReturnType<typeof messagesOf>, receiver: Receiver) {
    this.#request = request;
    this.#messageTo = messageTo;
    this.#receiver = receiver;
    this.#keepAlive =
      request.keepAlive !== false && !/\bclose\b/i.test(headerValue(request.headers, 'connection') ?? '');
  }

  send(url: URL, serial: number, cookie?: string): void {
    this.#current = this.#connectionTo(url);
    this.#current.send(this.#messageTo(url, serial, cookie));
  }

  cancel(error: Error): void {
    this.#current?.close(error);
  }

  close(error: Error): void {
    this.#home?.close(error);
    for (const connection of this.#elsewhere.values()) connection.close(error);
  }

  /** A server may redirect each upload to a different origin. */
  #keep(origin: string, connection: Connection): void {
    this.#elsewhere.delete(origin);
    const [oldest] = this.#elsewhere;
    if (oldest && this.#elsewhere.size >= mostElsewhere) {
      oldest[1].close(codedError('INTERRUPTED', 'broken off'));
      this.#elsewhere.delete(oldest[0]);
    }
    this.#elsewhere.set(origin, connection);
  }

  #connectionTo(url: URL): Connection {
    const { url: own } = this.#request;
    const home = url === own || url.origin === own.origin;
    const known = home ? this.#home : this.#elsewhere.get(url.origin);
    if (known?.usable) return known;
    const text = this.#request.expected?.text;
    const connection = new Connection(url, this.#request, this.#receiver, this.#keepAlive, text);
    if (home) this.#home = connection;
    else this.#keep(url.origin, connection);
    return connection;
  }
}
