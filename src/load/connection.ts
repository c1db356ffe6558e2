import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { type Answer, AnswerParser } from './answer.js';
import type { Message } from './message.js';

export interface ConnectionOptions {
  /** Accept any certificate. */
  insecure: boolean;
  /** Limit for opening it, in seconds. */
  connectTimeout: number;
}

/** Answers are read into one buffer per connection, used again and again. */
const readBuffer = 16 * 1024;

/**
 * One kept-alive connection of HTTP/1.1, one request at a time. A request is written as it stands and never
 * sent a second time; whatever goes wrong rejects that request and closes the connection.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #opened: Promise<void>;
  readonly #parser = new AnswerParser();
  #waiting: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;
  #written = true;
  /** Ends the wait of a stream for the socket. */
  #resume = () => {};

  constructor(origin: URL, { insecure, connectTimeout }: ConnectionOptions) {
    const host = origin.hostname.replace(/^\[|\]$/g, '');
    const port = Number(origin.port) || (origin.protocol === 'https:' ? 443 : 80);
    const secure = origin.protocol === 'https:';
    const servername = isIP(host) ? '' : host;
    const callback = (size: number, buffer: Uint8Array) => {
      this.#read(Buffer.from(buffer.buffer, buffer.byteOffset, size));
      return true;
    };
    this.#socket = secure
      ? connectTls({ host, port, servername, rejectUnauthorized: !insecure, ALPNProtocols: ['http/1.1'] })
      : connectTcp({
          host,
          port,
          noDelay: true,
          onread: { buffer: Buffer.allocUnsafe(readBuffer), callback },
        });
    this.#opened = new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#socket.destroy(codedError('ETIMEDOUT', `no connection within ${connectTimeout} s`));
      }, connectTimeout * 1000);
      this.#socket.once(secure ? 'secureConnect' : 'connect', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#socket.once('close', () => {
        clearTimeout(timer);
        reject(codedError('ECONNRESET', 'the connection was closed before it was open'));
      });
      this.#socket.once('error', reject);
    });
    this.#opened.catch(() => {}); // the request that waits for it tells
    if (secure) this.#socket.on('data', bytes => this.#read(bytes));
    this.#socket.on('error', error => this.#fail(error));
    this.#socket.on('drain', () => this.#resume());
    this.#socket.on('close', () => {
      this.#resume();
      this.#ended();
    });
  }

  /** Whether another request can be sent on it. */
  get usable(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  /** Sends one request and resolves to the answer, which may come before all is sent. */
  send(message: Message): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#parser.reset();
      this.#waiting = { resolve, reject };
      if (this.#socket.connecting) void this.#opened.then(() => this.#write(message), reject);
      else this.#write(message);
    });
  }

  close(error?: Error): void {
    if (error) this.#fail(error);
    else this.#socket.destroy();
  }

  #write({ head, body }: Message): void {
    this.#written = false;
    const done = () => {
      this.#written = true;
    };
    if (body === undefined) this.#socket.write(head, done);
    else if (Buffer.isBuffer(body)) {
      this.#socket.cork();
      this.#socket.write(head);
      this.#socket.write(body, done);
      this.#socket.uncork();
    } else {
      this.#socket.write(head);
      void this.#stream(body).then(done, error => this.#fail(error));
    }
  }

  /** Chunk by chunk, each once the one before it is on its way; an answer that comes early ends it. */
  async #stream(body: Readable): Promise<void> {
    for await (const chunk of body) {
      if (!this.#waiting) return;
      if (!this.#socket.write(chunk)) await this.#drained();
    }
  }

  /** Resolves when the socket takes more, and when it never will. */
  #drained(): Promise<void> {
    return new Promise(resolve => {
      if (this.#socket.destroyed) resolve();
      else this.#resume = resolve;
    });
  }

  #read(bytes: Buffer): void {
    if (!this.#waiting) {
      this.#socket.destroy(); // more than an answer: what follows cannot be told apart
      return;
    }
    try {
      const answer = this.#parser.push(bytes);
      if (!answer) return;
      // Of what happens at once, reading comes first: that all was written may still have to be said.
      if (this.#written) this.#settle(answer);
      else setImmediate(() => this.#settle(answer));
    } catch (error) {
      this.#fail(codedError('BAD_ANSWER', (error as Error).message));
    }
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (!answer.reusable || !this.#written) this.#socket.destroy();
    waiting?.resolve(answer);
  }

  #ended(): void {
    const answer = this.#waiting && this.#parser.end();
    const when = this.#parser.begun ? 'in the middle of its answer' : 'without an answer';
    if (answer) this.#settle(answer);
    else this.#fail(codedError('ECONNRESET', `the server closed the connection ${when}`));
  }

  #fail(error: Error): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#socket.destroy();
    waiting?.reject(error);
  }
}

function codedError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
