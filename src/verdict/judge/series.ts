import type { Observations } from '../../statistics/design.js';
import { median } from '../../statistics/order.js';
import type { Point } from '../verdict.js';

/** Points in order, one per number of uploads, scaled to a run of length 1 and values of the order of 1. */
export interface NormalizedSeries {
  uploads: number[];
  readings: Observations;
  /** Uploads from the first point to the last. */
  span: number;
  /** The value that is 0 in `readings.y`, and how much of the resource is 1. */
  zero: number;
  unit: number;
  /** Smallest change the readings can show, in the resource's unit. */
  resolution: number;
  /** Whether it was given, and not inferred from the readings. */
  known: boolean;
}

/** Rounding to a multiple of q is noise of standard deviation q / sqrt(12) (Sheppard 1898). */
const roundingNoise = 1 / Math.sqrt(12);

/** Noise below a billionth of the range is the arithmetic's own. */
const arithmeticNoise = 1e-9;

export function seriesOf(points: readonly Point[], resolution?: number): NormalizedSeries {
  const groups = new Map<number, number[]>();
  for (const { uploads, value } of points) {
    if (!Number.isFinite(uploads) || !Number.isFinite(value)) continue;
    const group = groups.get(uploads);
    if (group) group.push(value);
    else groups.set(uploads, [value]);
  }
  const uploads = [...groups.keys()].sort((a, b) => a - b);
  const values = uploads.map(x => median(groups.get(x)!));
  const first = uploads[0] ?? 0;
  const span = (uploads.at(-1) ?? 0) - first;
  const zero = median(values);
  // Halved first: the distance between the two largest numbers overflows.
  const halves = values.map(value => value / 2 - zero / 2);
  const half = halves.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const step = resolution ?? resolutionOf(values);
  return {
    uploads,
    readings: {
      u: Float64Array.from(uploads, x => (span > 0 ? x / span - first / span : 0)),
      y: Float64Array.from(halves, value => (half > 0 ? value / half : 0)),
      floor: Math.max(half > 0 ? Math.min((roundingNoise * step) / half / 2, 1) : 0, arithmeticNoise),
    },
    span,
    zero,
    unit: 2 * half,
    resolution: step,
    known: resolution !== undefined,
  };
}

/** Counts and bytes are whole numbers; if readings repeat again and again, they come in pages or lumps. */
function resolutionOf(values: readonly number[]): number {
  const whole = values.every(Number.isInteger) ? 1 : 0;
  const stays = (i: number) => i > 0 && values[i] === values[i - 1];
  const timesStayed = values.filter((_, i) => stays(i) && !stays(i - 1)).length;
  const levels = [...new Set(values)].sort((a, b) => a - b);
  if (timesStayed < 2 || levels.length < 3) return whole;
  return levels.slice(1).reduce((least, level, i) => Math.min(least, level - levels[i]!), Number.MAX_VALUE);
}
