import { awake } from '../awake.js';
import type { Round } from './rounds.js';
import type { Uploads } from './uploads.js';

/** The most that a timer can wait, in ms (Node's timers: 32 bits). */
const longestTimer = 2 ** 31 - 1;

/**
 * A signal that aborts with another one, or once the time is up; time in which leakhunt was stopped does not
 * count.
 */
export class Deadline implements Disposable {
  readonly #controller = new AbortController();
  readonly #end: number;
  #timer: NodeJS.Timeout | undefined;
  readonly #outer: AbortSignal | undefined;

  constructor(seconds: number, outer?: AbortSignal) {
    this.#outer = outer;
    this.#end = awake.now() + seconds * 1000;
    this.#wait();
    outer?.addEventListener('abort', this.#abort);
    if (outer?.aborted) this.#abort();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#abort);
  }

  readonly #wait = (): void => {
    const left = this.#end - awake.now();
    // A timer may fire a little early.
    if (left > 1) this.#timer = setTimeout(this.#wait, Math.min(left, longestTimer));
    else this.#abort();
  };

  readonly #abort = (): void => this.#controller.abort();
}

/** Seconds that a round gets to finish once the time limit is reached, at least and at most. */
const [least, most] = [1, 30];
/** Uploads in flight may take this many times longer than usual. */
const longer = 3;

/**
 * The grace period beyond the time limit (s): no upload begins in it, but those in flight are waited for and
 * a reading is taken, so that a target that responds as before loses nothing of the round. A hung target is
 * not waited for.
 */
export function graceOf(rounds: readonly Round[], { typical = 0 }: Pick<Uploads, 'typical'>): number {
  const reading = rounds.findLast(each => each.reading)?.readingSeconds ?? 0;
  return Math.min(Math.max(least, longer * (typical / 1000 + reading)), most);
}
