/** When a hunt began, and how long ago that is, by a monotonic clock. */
export class Beginning {
  readonly at = new Date();
  readonly #started = performance.now();

  /** Seconds since then. */
  get seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }
}
