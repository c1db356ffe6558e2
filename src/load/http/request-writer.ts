import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { codedError } from '../../net/coded-error.js';
import type { Message } from './message.js';

/** How long curl waits for a 100 (Continue) before it sends the body anyway (ms). */
const longestExpectation = 1000;

/** Writes the requests of a connection, one after another, no faster than the socket takes them. */
export class RequestWriter {
  readonly #socket: Socket;
  readonly #onError: (error: Error) => void;
  /** The request whose body waits for a 100 (Continue). */
  #expecting: Message | undefined;
  #expectation: NodeJS.Timeout | undefined;
  /** Counts requests: the stream of an earlier one must not go on. */
  #turn = 0;
  /** Whether the whole body has been given to the socket. */
  #given = true;
  /** Ends a stream's wait for the socket. */
  #resume = () => {};

  /** `onError` is called for a body that cannot be read. */
  constructor(socket: Socket, onError: (error: Error) => void) {
    this.#socket = socket;
    this.#onError = onError;
    socket.on('drain', () => this.#resume());
    socket.on('close', () => this.#resume());
  }

  /** Whether the system has accepted all of the request. */
  get written(): boolean {
    return this.#given && this.#socket.writableLength === 0;
  }

  write(message: Message): void {
    const { head, body, expects } = message;
    if (body === undefined) {
      this.#socket.write(head);
    } else if (expects) {
      this.#socket.write(head);
      this.#given = false;
      this.#expecting = message;
      this.#expectation = setTimeout(() => this.continue(), longestExpectation);
    } else {
      this.#socket.cork();
      this.#socket.write(head);
      this.#writeBody(message);
      this.#socket.uncork();
    }
  }

  /** Sends the body that waited for a 100 (Continue). */
  continue(): void {
    const message = this.#expecting;
    clearTimeout(this.#expectation);
    this.#expecting = undefined;
    if (message) this.#writeBody(message);
  }

  /** The request is over: the rest of it is not sent. */
  halt(): void {
    if (this.#given) return;
    this.#turn += 1;
    clearTimeout(this.#expectation);
    this.#expecting = undefined;
    this.#resume();
  }

  #writeBody({ body, size }: Message): void {
    if (Buffer.isBuffer(body)) {
      this.#socket.write(body);
      this.#given = true;
    } else {
      this.#given = false;
      this.#stream(body!, size, this.#turn).catch(this.#onError);
    }
  }

  /** Piece by piece, each once the one before it has been accepted. */
  async #stream(body: Readable, size: number | undefined, turn: number): Promise<void> {
    let sent = 0;
    for await (const piece of body as AsyncIterable<Buffer>) {
      if (turn !== this.#turn) return;
      sent += piece.length;
      if (size !== undefined && sent > size) break;
      if (!this.#socket.write(piece)) await this.#drained();
    }
    if (turn !== this.#turn) return;
    if (size !== undefined && sent !== size) {
      throw codedError('BODY_CHANGED', `the body is no longer ${size} bytes: its file changed`);
    }
    this.#given = true;
  }

  /** Resolves when the socket takes more, or never will. */
  #drained(): Promise<void> {
    return new Promise(resolve => {
      if (this.#socket.destroyed) resolve();
      else this.#resume = resolve;
    });
  }
}
