import type { Socket } from 'node:net';
import { codeOf } from '../../errors.js';
import { codedError } from '../../net/coded-error.js';
import { dial } from '../../net/dial.js';
import type { DialOptions } from '../../net/dial-options.js';
import { explained, onlyHttp2 } from '../../net/explained.js';
import type { Message } from './message.js';
import { RequestWriter } from './request-writer.js';
import { type Response, ResponseParser } from './response.js';
import type { Receiver } from './transport.js';

/**
 * One HTTP/1.1 connection, one request at a time, each reported to the receiver once. A request is written
 * unchanged and never sent a second time; any error fails that request and closes the connection.
 */
export class Connection {
  readonly #origin: URL;
  readonly #options: DialOptions;
  readonly #receiver: Receiver;
  readonly #keepAlive: boolean;
  readonly #dialling = new AbortController();
  readonly #parser: ResponseParser;
  #socket: Socket | undefined;
  #writer: RequestWriter | undefined;
  #closed = false;
  /** Whether a request waits for its answer. */
  #waiting = false;
  /** Requests answered before the present one. */
  #carried = 0;
  /** The request, until the connection is open. */
  #unsent: Message | undefined;
  /** A whole response, while some of the request may still be on its way. */
  #early: Response | undefined;

  /** `text` is the text to look for in the responses. */
  constructor(origin: URL, options: DialOptions, receiver: Receiver, keepAlive: boolean, text?: string) {
    this.#origin = origin;
    this.#options = options;
    this.#parser = new ResponseParser(text);
    this.#receiver = receiver;
    this.#keepAlive = keepAlive;
    const read = (bytes: Buffer) => this.#read(bytes);
    dial(origin, options, {
      read,
      signal: this.#dialling.signal,
      protocols: ['http/1.1'],
    }).then(
      socket => this.#opened(socket),
      error => this.#fail(error),
    );
  }

  /** Whether another request can be sent on it. */
  get usable(): boolean {
    return !this.#closed && (!this.#socket || (!this.#socket.destroyed && this.#socket.writable));
  }

  /** Sends one request. Its response may come before all of it is sent. */
  send(message: Message): void {
    this.#parser.reset();
    this.#waiting = true;
    if (this.#writer) this.#writer.write(message);
    else this.#unsent = message;
  }

  /** Closes it; a request under way fails with the error. */
  close(error: Error): void {
    if (this.#waiting) this.#fail(error);
    else this.#shut();
  }

  #opened(socket: Socket): void {
    if (this.#closed) {
      socket.destroy();
      return;
    }
    keepReadingAfterReset(socket, () => this.#waiting && !this.#early);
    socket.on('error', error => this.#fail(explained(error, this.#origin, this.#options)));
    socket.on('end', () => this.#ended());
    socket.on('close', () => this.#ended());
    this.#socket = socket;
    this.#writer = new RequestWriter(socket, error => this.#fail(error));
    if (this.#unsent) this.#writer.write(this.#unsent);
    this.#unsent = undefined;
  }

  #read(bytes: Buffer): void {
    if (!this.#waiting || this.#early) {
      this.#shut(); // more than one response: what follows cannot be told apart
      if (this.#early) this.#settle(this.#early);
      return;
    }
    let answer: Response | undefined;
    try {
      answer = this.#parser.push(bytes);
    } catch (error) {
      const message = isSettingsFrame(bytes) ? onlyHttp2 : (error as Error).message;
      this.#fail(codedError('BAD_ANSWER', message));
      return;
    }
    if (!answer) {
      if (this.#parser.continued) this.#writer!.continue();
    } else if (this.#writer!.written) {
      this.#settle(answer);
    } else {
      // If both happen at once, reading comes first: the end of writing may still have to be reported.
      this.#early = answer;
      setImmediate(() => this.#early && this.#settle(this.#early));
    }
  }

  #settle(answer: Response): void {
    const reusable = this.#keepAlive && answer.reusable && this.#writer!.written;
    this.#rest();
    this.#carried += 1;
    if (!reusable) this.#shut();
    this.#receiver.onAnswer(answer);
  }

  /** The server sends nothing more. */
  #ended(): void {
    const answer = this.#waiting ? (this.#early ?? this.#parser.end()) : undefined;
    const when = this.#parser.begun ? 'in the middle of its response' : 'without a response';
    if (answer) this.#settle({ ...answer, reusable: false });
    else this.#fail(codedError('ECONNRESET', `the server closed the connection ${when}`));
  }

  #fail(error: Error): void {
    if (this.#waiting && this.#early) {
      this.#settle({ ...this.#early, reusable: false }); // it was answered, whatever came after that
      return;
    }
    const waiting = this.#waiting;
    this.#rest();
    this.#shut();
    // A server may close an idle connection at the very moment a request is on its way to it.
    const raced = this.#carried > 0 && !this.#parser.begun && isClosing(error);
    if (waiting) this.#receiver.onFailure(error, raced);
  }

  #rest(): void {
    this.#waiting = false;
    this.#early = undefined;
    this.#unsent = undefined;
    this.#writer?.halt();
  }

  #shut(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#socket) this.#socket.destroy();
    else this.#dialling.abort(codedError('INTERRUPTED', 'broken off'));
  }
}

function isClosing(error: Error): boolean {
  return /^(ECONNRESET|EPIPE|ECONNABORTED)$/.test(codeOf(error) ?? '');
}

/**
 * The first bytes of an HTTP/2 server: a frame of type 4 on stream 0 (RFC 9113, sections 3.4, 4.1 and 6.5).
 */
function isSettingsFrame(bytes: Buffer): boolean {
  return bytes.length >= 9 && bytes[0] === 0 && bytes[3] === 4 && bytes.readUInt32BE(5) === 0;
}

/**
 * A server that refuses a body half-way answers, then resets the connection. If a write meets the reset
 * first, Node closes the socket, and the response is lost although the kernel has it. This leaves one turn of
 * the event loop to read it, as long as a response is expected.
 */
export function keepReadingAfterReset(socket: Socket, waiting: () => boolean): void {
  const destroy = socket.destroy;
  let postponed = false;
  socket.destroy = error => {
    if (postponed || !error || !waiting()) return destroy.call(socket, error);
    postponed = true;
    // The first turn may end before the next look at the sockets, the second one cannot.
    setImmediate(() => setImmediate(() => destroy.call(socket, error)));
    return socket;
  };
}
