/** `HeapProfiler.SamplingHeapProfileSample`. */
export interface AllocationSample {
  /** Bytes that the sample stands for: the object's size times how many such objects V8 takes it for. */
  size?: unknown;
  nodeId?: unknown;
}

/** V8's default, which the probe asks for. */
export const defaultInterval = 32 * 1024;

/**
 * The variance of each node's bytes. V8 samples allocations by a Poisson process: an object of `s` bytes is
 * sampled with probability p = 1 - exp(-s/interval), and stands for s/p bytes (`ScaleSample` in
 * sampling-heap-profiler.cc). The Horvitz-Thompson estimate of a sum has the variance of the sum of (1 -
 * p)(s/p)² over the samples.
 */
export function variancesOf(samples: readonly AllocationSample[], interval: number): Map<number, number> {
  const variances = new Map<number, number>();
  const known = new Map<number, number>();
  for (const { size, nodeId } of samples) {
    if (typeof size !== 'number' || typeof nodeId !== 'number' || !(size > 0)) continue;
    let variance = known.get(size);
    if (variance === undefined) {
      variance = (1 - probabilityOf(size / interval)) * size ** 2;
      known.set(size, variance);
    }
    variances.set(nodeId, (variances.get(nodeId) ?? 0) + variance);
  }
  return variances;
}

/**
 * Solves s/p = scaled for p, in intervals, where p = 1 - exp(-s): 0 for the smallest objects, which stand for
 * one interval.
 */
function probabilityOf(scaled: number): number {
  let low = 0;
  let high = scaled;
  for (let i = 0; i < 40; i += 1) {
    const size = (low + high) / 2;
    if (-size / Math.expm1(-size) < scaled) low = size;
    else high = size;
  }
  return -Math.expm1(-low);
}
