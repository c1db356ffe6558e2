/** How fast uploads are begun; if nothing is set, each connection uploads one after another. */
export interface Pace {
  /** Uploads per second, begun at even intervals whether or not the target keeps up. */
  rate?: number;
  /** Pause between the uploads of one connection, in seconds. */
  thinkTime?: number;
  /** A round ends after this many seconds; uploads in flight are waited for. */
  duration?: number;
  /** The same for a round with a number of uploads: the rest of the time limit. */
  timeLeft?: number;
}

/**
 * When each upload of an open loop is meant to begin. Its latency counts from there: a client that waits for
 * a slow response before it begins the next upload, and counts from that moment, leaves out the very time
 * that the target kept it waiting. Source: Gil Tene, "How NOT to Measure Latency" (coordinated omission);
 * wrk2, README, "Acknowledgements".
 */
export class Pacer {
  readonly #start: number;
  readonly #interval: number;

  /** `start` in ms as `awake.now()`, `rate` in uploads per second. */
  constructor(start: number, rate: number) {
    this.#start = start;
    this.#interval = 1000 / rate;
  }

  /** When upload `index` is due, in ms as `awake.now()`; the first one, 0, is due at the start. */
  due(index: number): number {
    return this.#start + index * this.#interval;
  }

  /** How many uploads are due before a moment; a difference of moments has rounding errors. */
  dueBefore(time: number): number {
    return Math.max(0, Math.ceil((time - this.#start) / this.#interval - 1e-6));
  }
}
