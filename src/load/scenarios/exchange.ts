import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { codeOf } from '../../errors.js';
import { codedError } from '../../net/coded-error.js';
import type { DialOptions } from '../../net/dial-options.js';
import { type Response, ResponseParser } from '../http/response.js';
import { type Abortable, dialAbortable } from './abortable.js';
import { ChunkReader } from './chunks.js';
import { codeOfEnding } from './outcome.js';
import type { ScriptStep, UploadScript } from './plan.js';

const nothing = Buffer.alloc(0);

/** One request on a connection of its own, carried out as a plan says. */
export class Exchange {
  readonly #parser = new ResponseParser();
  readonly #dialling = new AbortController();
  #connection: Abortable | undefined;
  /** How it ended, if it did so before the plan was carried out. */
  #end: { answer: Response } | { error: Error } | undefined;
  /** Ends the wait for the server. */
  #wake = () => {};

  /** Resolves to the server's response; rejects with the code of the plan's ending, or of the error. */
  async perform(
    url: URL,
    options: DialOptions,
    plan: UploadScript,
    head: Buffer,
    serial: number,
  ): Promise<Response> {
    const read = (bytes: Buffer) => this.#read(bytes);
    const connection = await dialAbortable(url, options, plan.leave, { read, signal: this.#dialling.signal });
    this.#connection = connection;
    this.#listen(connection.socket);
    const body = new ChunkReader(plan.chunks(serial));
    try {
      await this.#write(head);
      for (const step of plan.steps) {
        if (!this.#end) await this.#take(step, plan, body);
      }
      if (!this.#end) {
        await connection.leave();
        throw codedError(codeOfEnding(plan.ending), `left the connection (${plan.ending})`);
      }
    } finally {
      connection.socket.destroy();
      await body.close();
    }
    if ('error' in this.#end) throw this.#end.error;
    return { ...this.#end.answer, reusable: false };
  }

  /** Breaks it off. */
  close(error: Error): void {
    this.#dialling.abort(error);
    this.#finish({ error });
    this.#connection?.socket.destroy();
  }

  #listen(socket: Socket): void {
    const ended = () => {
      const answer = this.#parser.end();
      this.#finish(answer ? { answer } : { error: this.#closed() });
    };
    socket.on('end', ended);
    socket.on('close', ended);
    socket.on('error', error => {
      const byPeer = /^(ECONNRESET|EPIPE|ECONNABORTED)$/.test(codeOf(error) ?? '');
      this.#finish({ error: byPeer ? this.#closed() : error });
    });
  }

  #closed(): Error {
    const when = this.#parser.begun ? 'in the middle of its response' : 'without a response';
    return codedError(codeOfEnding('closed'), `the server closed the connection ${when}`);
  }

  #read(bytes: Buffer): void {
    if (this.#end) return;
    try {
      const answer = this.#parser.push(bytes);
      if (answer) this.#finish({ answer });
    } catch (error) {
      this.#finish({ error: codedError('BAD_ANSWER', (error as Error).message) });
    }
  }

  #finish(end: { answer: Response } | { error: Error }): void {
    this.#end ??= end;
    this.#wake();
  }

  async #take(step: ScriptStep, plan: UploadScript, body: ChunkReader): Promise<void> {
    if ('hold' in step) await this.#hold(step.hold);
    else if ('halfClose' in step) this.#connection!.socket.end();
    else await this.#sendTo(step, plan, body);
  }

  async #sendTo(
    step: { sendTo: number },
    { size, framed, steps }: UploadScript,
    body: ChunkReader,
  ): Promise<void> {
    const leaves = step === steps.at(-1);
    for await (const chunk of body.upTo(step.sendTo)) {
      const last = body.at === size ? framed(undefined) : nothing;
      await this.#write(Buffer.concat([framed(chunk), last]), leaves && body.at === step.sendTo);
      if (this.#end) return;
    }
    if (body.at < step.sendTo) {
      throw codedError('BODY_CHANGED', `the body is shorter than ${size} bytes: its file changed`);
    }
  }

  /**
   * Resolves when the system has taken the bytes, or it is over. The server's response is read meanwhile,
   * unless leakhunt is to leave at once: one turn of the event loop is time enough for a response.
   */
  async #write(bytes: Buffer, atOnce = false): Promise<void> {
    const { socket } = this.#connection!;
    await new Promise<void>(resolve => {
      this.#wake = resolve;
      if (this.#end) resolve();
      else socket.write(bytes, () => resolve());
      if (atOnce && socket.writableLength === 0) resolve();
    });
    if (!atOnce) await nextTurn();
  }

  /** Resolves after `ms`, or when it is over. */
  async #hold(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>(resolve => {
      this.#wake = resolve;
      if (Number.isFinite(ms)) timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
  }
}
