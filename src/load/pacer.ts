/** How fast uploads are begun; without any of it, each connection uploads one after another. */
export interface Pace {
  /** Uploads per second, begun at even distances whether or not the target keeps up. */
  rate?: number;
  /** Pause between the uploads of one connection, in seconds. */
  thinkTime?: number;
  /** A round ends after so many seconds; what is under way then is waited for. */
  duration?: number;
  /** The same for a round that has a number of uploads: what is left of a time limit. */
  timeLeft?: number;
}

/**
 * When each upload of an open loop is meant to begin. Its latency counts from there: a client that waits for
 * a slow answer before it begins the next upload, and counts from when it did, leaves out of its latencies the
 * very time the target kept it waiting. Source: Gil Tene, "How NOT to Measure Latency" (coordinated omission);
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

  /** How many are due before a moment; a difference of moments has errors of rounding. */
  dueBefore(time: number): number {
    return Math.max(0, Math.ceil((time - this.#start) / this.#interval - 1e-6));
  }
}
