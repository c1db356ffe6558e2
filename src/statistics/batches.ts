import type { Observations } from './design.js';

/**
 * Means of neighbouring readings, `count` of them: whatever comes and goes within a batch, a sawtooth or
 * short memory, has mostly cancelled out (Schmeiser 1982).
 */
export function batched({ u, y, floor, weights }: Observations, count: number): Observations {
  const bounds = Array.from({ length: count + 1 }, (_, i) => Math.round((i * u.length) / count));
  const means = (values: Float64Array) =>
    Float64Array.from({ length: count }, (_, i) => mean(values.subarray(bounds[i], bounds[i + 1])));
  return {
    u: means(u),
    y: means(y),
    floor: floor / Math.sqrt(u.length / count),
    weights: weights && means(weights),
  };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
