import { studentUpperQuantile } from '../statistics/student.js';
import type { Interval } from './verdict.js';

/** One round of a sweep: the growth of a resource, and what was uploaded. */
export interface SizedRound {
  uploads: number;
  /** The size of each of its uploads, in bytes. */
  size: number;
  /** The growth of the resource from the reading before to the one after, in its unit. */
  growth: number;
}

/** Growth, split into two parts. */
export interface SizeParts {
  /** In the resource's unit, whatever the upload's size. */
  perUpload: Interval;
  /** In the resource's unit per byte uploaded. */
  perByte: Interval;
}

const tail = 0.025;

/**
 * A line through the growth per upload of the sizes of each cycle (every size once), and the mean of the
 * lines: what is kept of each upload, and of each of its bytes. The intervals are Student's over the cycles,
 * so a jump in one of them widens both. Undefined for fewer than two cycles.
 */
export function sizeParts(cycles: readonly (readonly SizedRound[])[]): SizeParts | undefined {
  if (cycles.length < 2) return undefined;
  const lines = cycles.map(lineThrough);
  return {
    perUpload: meanOf(lines.map(({ perUpload }) => perUpload)),
    perByte: meanOf(lines.map(({ perByte }) => perByte)),
  };
}

function lineThrough(cycle: readonly SizedRound[]): { perUpload: number; perByte: number } {
  const points = cycle.map(({ uploads, size, growth }) => ({
    size,
    each: uploads > 0 ? growth / uploads : 0,
  }));
  const meanSize = points.reduce((sum, { size }) => sum + size, 0) / points.length;
  const mean = points.reduce((sum, { each }) => sum + each, 0) / points.length;
  const squares = points.reduce((sum, { size }) => sum + (size - meanSize) ** 2, 0);
  const perByte =
    points.reduce((sum, { size, each }) => sum + (size - meanSize) * (each - mean), 0) / squares;
  return { perUpload: mean - perByte * meanSize, perByte };
}

function meanOf(values: readonly number[]): Interval {
  const freedom = values.length - 1;
  const estimate = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - estimate) ** 2, 0);
  const error = studentUpperQuantile(tail, freedom) * Math.sqrt(squares / freedom / values.length);
  return { estimate, low: estimate - error, high: estimate + error };
}
