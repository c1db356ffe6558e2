import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** Milliseconds from the first byte sent to the last byte of the answer. */
export interface Latency {
  p50: number;
  p90: number;
  p99: number;
  max: number;
}

/** An HDR histogram in microseconds (three significant digits), constant in memory; mergeable by `add`. */
export function latencyHistogram(): RecordableHistogram {
  return createHistogram({ lowest: 1, highest: 3_600_000_000, figures: 3 });
}

/** All zero when nothing was recorded. */
export function latencyOf(histogram: RecordableHistogram): Latency {
  if (histogram.count === 0) return { p50: 0, p90: 0, p99: 0, max: 0 };
  const ms = (percentile: number) => Math.round(histogram.percentile(percentile)) / 1000;
  return { p50: ms(50), p90: ms(90), p99: ms(99), max: Math.round(histogram.max) / 1000 };
}
