import { setTimeout as sleep } from 'node:timers/promises';
import { type Probe, probeError, type SourceName } from './probe.js';

/**
 * Milliseconds that an answer may take which came before: this much, and so many times the longest so far. A heap grows
 * step by step, so a collection takes no ten times as long as the ones before it unless the target hangs.
 */
const [least, slower] = [5_000, 10];

/** How long sources are waited for: each as long as it has shown that it may take, the first time as long as it likes. */
export class Patience {
  readonly #longest = new Map<string, number>();

  /** Rejects where `work` takes too long for one of its kind; it goes on unheard. */
  async wait<Result>(
    { source, endpoint }: Pick<Probe, 'source' | 'endpoint'>,
    kind: string,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const key = `${kind} ${source} ${endpoint}`;
    const longest = this.#longest.get(key);
    const start = performance.now();
    const limit = longest === undefined ? undefined : least + slower * longest;
    const result = await (limit === undefined ? work() : within(limit, work(), source));
    this.#longest.set(key, Math.max(longest ?? 0, performance.now() - start));
    return result;
  }
}

async function within<Result>(ms: number, work: Promise<Result>, source: SourceName): Promise<Result> {
  const timer = new AbortController();
  const late = sleep(ms, undefined, { signal: timer.signal }).then(() => {
    throw probeError(source, `no answer within ${(ms / 1000).toFixed(0)} s.`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
    late.catch(() => {});
    work.catch(() => {});
  }
}
