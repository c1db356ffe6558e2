import { codeOf, messageOf } from '../errors.js';
import type { Body } from './body.js';
import { Connection } from './connection.js';
import type { Message } from './message.js';

/** How one upload is sent. */
export interface UploadRequest {
  url: URL;
  method: string;
  /** Name and value in turn, in the order they are sent; Host and Content-Length are added. */
  headers: string[];
  body: Body;
  /** Limit of one upload from its start to the end of the answer, in seconds. */
  maxTime: number;
  /** Limit for opening a connection, in seconds. */
  connectTimeout: number;
  /** Accept any certificate. */
  insecure: boolean;
  /** Follow 307 and 308 by sending the body again. */
  location: boolean;
}

/** What became of one upload: an answer, whatever its status, or the code of the error in its place. */
export type Outcome = { status: number; firstLine?: string } | { error: string; message: string };

const mostRedirects = 10;

/** Sends uploads one after another over a kept-alive connection. */
export class UploadClient {
  readonly #request: UploadRequest;
  readonly #connections = new Map<string, Connection>();
  readonly #messageTo: (url: URL) => Message;
  readonly #keepAlive: boolean;
  /** When the upload in flight is overdue (ms, as `performance.now()`). */
  #deadline = Number.POSITIVE_INFINITY;
  #current: Connection | undefined;

  /** `messageTo` is shared by the clients of a round, and so are the bytes they send. */
  constructor(request: UploadRequest, messageTo: (url: URL) => Message) {
    this.#request = request;
    this.#messageTo = messageTo;
    this.#keepAlive = !closesAfterAnswer(request.headers);
  }

  /** Sends one upload and never a second one in its place; never rejects. */
  async upload(): Promise<Outcome> {
    this.#deadline = performance.now() + this.#request.maxTime * 1000;
    try {
      return await this.#send(this.#request.url, mostRedirects);
    } catch (error) {
      return { error: codeOf(error) ?? 'FAILED', message: messageOf(error) };
    } finally {
      this.#deadline = Number.POSITIVE_INFINITY;
    }
  }

  /** Breaks off the upload in flight where its time is up. */
  checkTime(now: number): void {
    if (now < this.#deadline) return;
    const error = new Error(`no complete answer within ${this.#request.maxTime} s`);
    this.#current?.close(Object.assign(error, { code: 'TIMEOUT' }));
  }

  /** Closes every connection: a kept-alive one is memory in the target. */
  close(): void {
    const error = Object.assign(new Error('broken off'), { code: 'INTERRUPTED' });
    for (const connection of this.#connections.values()) connection.close(error);
  }

  async #send(url: URL, redirectsLeft: number): Promise<Outcome> {
    const connection = this.#connectionTo(url);
    this.#current = connection;
    const { status, location, firstLine } = await connection.send(this.#messageTo(url));
    if (!this.#keepAlive) connection.close();
    const follows = this.#request.location && (status === 307 || status === 308);
    if (!follows || location === undefined || !URL.canParse(location, url.href)) return { status, firstLine };
    if (redirectsLeft === 0) {
      return { error: 'TOO_MANY_REDIRECTS', message: `more than ${mostRedirects} redirects` };
    }
    return this.#send(new URL(location, url), redirectsLeft - 1);
  }

  #connectionTo(url: URL): Connection {
    const known = this.#connections.get(url.origin);
    if (known?.usable) return known;
    const connection = new Connection(url, this.#request);
    this.#connections.set(url.origin, connection);
    return connection;
  }
}

/** Whether the user's own headers ask for a connection of its own for each upload. */
function closesAfterAnswer(headers: readonly string[]): boolean {
  return headers.some(
    (name, i) => i % 2 === 0 && /^connection$/i.test(name) && /\bclose\b/i.test(headers[i + 1]!),
  );
}
