import { setTimeout as sleep } from 'node:timers/promises';
import { type Probe, probeError, type SourceName } from './probe.js';

/**
 * How long an answer that has come before may take: this long (ms), and this many times the longest so far. A
 * heap grows step by step, so a collection does not take ten times as long as those before it unless the
 * target hangs.
 */
const [least, slower] = [5_000, 10];

/** How long sources are waited for: the first time without a limit, later by how long they took before. */
export class Patience {
  readonly #longest = new Map<string, number>();

  /** Rejects if `work` takes too long for its kind; it goes on, and its result is ignored. */
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
