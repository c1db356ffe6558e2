import type { Sample } from '../probe.js';
import type { Cdp } from './cdp.js';

/** The same text each time: V8 keeps its code, so that a reading adds nothing to the heap after the first few. */
const expression = `(() => {
  const { external, arrayBuffers, heapTotal } = process.memoryUsage();
  return [external, arrayBuffers, process.getActiveResourcesInfo?.().length ?? -1, heapTotal];
})()`;

/** Milliseconds that a collection may take, and as much again for each GiB of the heap: on a busy machine one takes 20 s. */
const longestCollection = 20_000;

/**
 * A heap snapshot takes so many times as long as a collection of the same heap, which also goes from object to object:
 * 28 to 69 times in Node 20, with strings in a Map, small objects, closures and large strings, 200,000 and more of each.
 */
const snapshotPerCollection = 50;

/** One of V8's heaps: that of a process's main thread, or that of a worker thread. */
export class Isolate {
  #used = 0;
  #collectionSeconds = 0;
  #first: number | undefined;
  #last = 0;

  constructor(readonly cdp: Cdp) {}

  async collect(): Promise<void> {
    if (this.#used === 0) await this.#readUsed();
    const timeout = longestCollection * (1 + this.#used / 2 ** 30);
    const start = performance.now();
    await this.cdp.call('HeapProfiler.collectGarbage', {}, { timeout });
    this.#collectionSeconds = (performance.now() - start) / 1000;
  }

  async read(): Promise<Sample> {
    await this.collect();
    type Evaluated = { result?: { value?: unknown } };
    const { result } = await this.cdp.call<Evaluated>('Runtime.evaluate', {
      expression,
      returnByValue: true,
    });
    const sample = sampleOf(await this.#readUsed(), result?.value);
    this.#last = (sample.values.heap ?? 0) + (sample.values.external ?? 0);
    this.#first ??= this.#last;
    return sample;
  }

  /** Bytes that it has more now than when it was read first. */
  get grown(): number {
    return this.#last - (this.#first ?? this.#last);
  }

  /** About how long a snapshot would take. */
  get snapshotSeconds(): number {
    return snapshotPerCollection * this.#collectionSeconds;
  }

  async #readUsed(): Promise<number> {
    const { usedSize } = await this.cdp.call<{ usedSize?: unknown }>('Runtime.getHeapUsage');
    if (!isAmount(usedSize)) throw new Error('Runtime.getHeapUsage returned no usedSize');
    this.#used = usedSize;
    return usedSize;
  }
}

export function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function sampleOf(usedSize: number, usage: unknown): Sample {
  if (!Array.isArray(usage) || usage.length < 3 || !usage.every(isAmount)) {
    return { values: { heap: usedSize } };
  }
  const [external, arrayBuffers, handles, heapTotal] = usage as [number, number, number, number?];
  return {
    values: {
      heap: usedSize,
      external,
      'array-buffers': arrayBuffers,
      ...(handles < 0 ? {} : { 'active-handles': handles }),
    },
    committed: heapTotal,
  };
}

/** The heaps of one process, as of one: what one of them does not tell, the sum does not. */
export function sumOf([main, ...workers]: [Sample, ...Sample[]]): Sample {
  const names = Object.keys(main.values) as (keyof Sample['values'])[];
  const values = names.map(name => [
    name,
    workers.reduce((sum, { values }) => sum + (values[name] ?? 0), main.values[name]!),
  ]);
  const committed = workers.reduce((sum, each) => sum + (each.committed ?? 0), main.committed ?? 0);
  return { values: Object.fromEntries(values), ...(main.committed === undefined ? {} : { committed }) };
}
