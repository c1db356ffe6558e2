import { awake } from '../../awake.js';
import type { LeakhuntError } from '../../errors.js';
import type { Outcome } from '../http/outcome.js';
import type { Receiver, Transport } from '../http/transport.js';
import { Pacer } from '../pacer.js';
import type { UploadRequest } from '../request.js';
import { type OnOutcome, transportsOf, UploadClient } from './client.js';
import { count, emptyResult, isUnanswered, type RoundResult } from './result.js';
import type { Share } from './share.js';

/** Sends one upload at a time and keeps its connection for the next one. */
interface ClientConnection {
  client: UploadClient;
  /** The start of its upload, from which the latency counts. */
  from: number;
  thinking?: NodeJS.Timeout;
}

/** After this many unanswered uploads in a row the target is taken for dead and the round ends. */
const deadAfter = (concurrency: number) => Math.max(20, 3 * concurrency);

/**
 * Sends exactly `uploads` uploads, `concurrency` at a time, and closes its connections when the last one is
 * answered. Ends early when `signal` aborts (what is in flight is broken off) or when nothing answers any
 * more.
 */
export function runConnections(
  request: UploadRequest,
  share: Share,
  signal?: AbortSignal,
  onUpload?: (done: number) => void,
): Promise<RoundResult> {
  return new Promise((resolve, reject) => {
    const connections = new Connections(request, share, signal, onUpload, error => {
      if (error) reject(error);
      else resolve(connections.result);
    });
    connections.run();
  });
}

/** Callbacks instead of promises: at 100,000 uploads a second, the cost of each promise shows. */
class Connections {
  readonly #request: UploadRequest;
  readonly #share: Share;
  readonly #signal: AbortSignal | undefined;
  readonly #onUpload: ((done: number) => void) | undefined;
  readonly #onEnd: (error?: LeakhuntError) => void;
  readonly result = emptyResult();
  readonly #connections: ClientConnection[];
  readonly #start = awake.now();
  readonly #end: number;
  readonly #pacer: Pacer | undefined;
  /** Lanes of an open loop that wait for an upload to come due. */
  #idle: ClientConnection[] = [];
  #nextDue: NodeJS.Timeout | undefined;
  #timeouts: NodeJS.Timeout | undefined;
  #busy: number;
  #done = 0;
  #unansweredInRow = 0;
  #stopped = false;
  #ended = false;
  readonly #watch = awake.watch();
  #fatal: LeakhuntError | undefined;

  constructor(
    request: UploadRequest,
    share: Share,
    signal: AbortSignal | undefined,
    onUpload: ((done: number) => void) | undefined,
    onEnd: (error?: LeakhuntError) => void,
  ) {
    this.#request = request;
    this.#share = share;
    this.#signal = signal;
    this.#onUpload = onUpload;
    this.#onEnd = onEnd;
    const { duration = Number.POSITIVE_INFINITY, timeLeft = Number.POSITIVE_INFINITY } = request;
    this.#end = this.#start + Math.min(duration, timeLeft) * 1000;
    this.#pacer = request.rate === undefined ? undefined : new Pacer(this.#start, request.rate);
    const transportFor = transportsOf(request);
    const size = Math.min(share.concurrency, share.uploads);
    this.#connections = Array.from({ length: size }, () => this.#connectionOf(transportFor));
    this.#busy = size;
  }

  run(): void {
    this.#signal?.addEventListener('abort', this.#stop, { once: true });
    const checkTime = () => {
      for (const { client } of this.#connections) client.checkTime(awake.now());
    };
    this.#timeouts = setInterval(checkTime, Math.min(1000, this.#request.maxTime * 100));
    if (this.#signal?.aborted || this.#connections.length === 0) this.#retire(this.#busy);
    else if (this.#pacer) {
      this.#idle = [...this.#connections];
      this.#release(this.#start, false);
    } else for (const connection of this.#connections) this.#begin(connection, this.#start, this.#start);
  }

  #connectionOf(transportFor: (receiver: Receiver) => Transport): ClientConnection {
    const onOutcome: OnOutcome = (outcome, resent) => this.#completed(connection, outcome, resent);
    const connection: ClientConnection = {
      client: new UploadClient(this.#request, transportFor, onOutcome),
      from: 0,
    };
    return connection;
  }

  #begin(connection: ClientConnection, now: number, from: number): void {
    const { serial, step } = this.#share;
    connection.from = from;
    connection.client.upload(serial + this.result.sent * step, now);
    this.result.sent += 1;
  }

  #completed(connection: ClientConnection, outcome: Outcome, resent: boolean): void {
    const now = awake.now();
    this.#unansweredInRow = isUnanswered(outcome) ? this.#unansweredInRow + 1 : 0;
    if ('error' in outcome && outcome.fatal) {
      this.#fatal ??= outcome.fatal;
      this.#stopped = true;
    }
    if (this.#request.trial && 'error' in outcome && outcome.error === 'TIMEOUT') this.#stopped = true;
    if (resent) this.result.resent += 1;
    count(this.result, outcome, now - connection.from, this.#request);
    this.#done += 1;
    this.#onUpload?.(this.#done);
    const { thinkTime } = this.#request;
    if (thinkTime === undefined || this.#isOver(now + thinkTime * 1000)) this.#freed(connection, now);
    else {
      connection.thinking = setTimeout(() => {
        connection.thinking = undefined;
        this.#freed(connection, awake.now());
      }, thinkTime * 1000);
    }
  }

  #freed(connection: ClientConnection, now: number): void {
    if (this.#isOver(now)) this.#retire(1);
    else if (!this.#pacer) this.#begin(connection, now, now);
    else {
      this.#idle.push(connection);
      this.#release(now, this.#idle.length === 1);
    }
  }

  /**
   * Begins the uploads of an open loop that are due, as far as there are free connections. `waited`: there
   * was no connection until now, so uploads that came due meanwhile begin late. By the clock alone they would
   * be at most one tick late.
   */
  #release(now: number, waited: boolean): void {
    clearTimeout(this.#nextDue);
    while (this.#idle.length > 0 && !this.#isOver(now)) {
      const due = this.#pacer!.due(this.result.sent);
      if (due >= this.#end) break;
      if (due > now) {
        this.#nextDue = setTimeout(() => this.#release(awake.now(), false), due - now);
        return;
      }
      if (waited && due < now) this.result.lateStarts += 1;
      this.#begin(this.#idle.pop()!, now, due);
    }
    this.#retire(this.#idle.splice(0).length);
  }

  #isOver(now: number): boolean {
    return (
      this.#stopped ||
      this.result.sent >= this.#share.uploads ||
      now >= this.#end ||
      this.#unansweredInRow >= deadAfter(this.#share.concurrency)
    );
  }

  /** An arrow function, so that it can be removed from the signal. */
  readonly #stop = (): void => {
    this.#stopped = true;
    const thinking = this.#connections.filter(connection => connection.thinking);
    for (const connection of thinking) clearTimeout(connection.thinking);
    for (const { client } of this.#connections) client.close();
    this.#retire(thinking.length + this.#idle.splice(0).length);
  };

  /** Lanes that have nothing more to do; the last one ends the round. */
  #retire(connections: number): void {
    this.#busy -= connections;
    if (this.#busy > 0 || this.#ended) return;
    this.#ended = true;
    const now = awake.now();
    this.result.seconds = (now - this.#start) / 1000;
    if (this.#pacer && now >= this.#end) {
      const due = Math.min(this.#share.uploads, this.#pacer.dueBefore(this.#end));
      this.result.missedStarts = due - this.result.sent;
    }
    clearTimeout(this.#nextDue);
    clearInterval(this.#timeouts);
    this.#watch[Symbol.dispose]();
    this.#signal?.removeEventListener('abort', this.#stop);
    for (const { client } of this.#connections) client.close();
    this.#onEnd(this.#fatal);
  }
}
