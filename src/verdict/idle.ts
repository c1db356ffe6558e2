import type { SeriesPoint } from '../series/series.js';
import { studentUpperQuantile } from '../statistics/student.js';
import type { Interval } from './types.js';

/** Growth that needs no uploads: what a reading adds and what time adds. */
export interface IdleGrowth {
  /** Per blank round, reading and time together. */
  perBlankRound: Interval;
  perReading: Interval;
  perSecond: Interval;
}

/** One blank round in 200 flat series may pass for idle growth: it is taken off, so it must be sure. */
const tail = 0.0025;

/**
 * Growth over the blank rounds, or undefined where it is not surely above zero. Blank rounds are of two
 * kinds, back to back and as long as a real round: a straight line through (seconds, increment) of the
 * blank rounds is the growth per reading at 0 s, and its slope the growth per second.
 */
export function idleGrowth(points: readonly SeriesPoint[]): IdleGrowth | undefined {
  const increments = points.flatMap((point, i) => {
    const before = points[i - 1];
    if (point.round !== 'blank' || !before || before.uploads !== point.uploads) return [];
    return [{ seconds: point.seconds - before.seconds, value: point.value - before.value }];
  });
  if (increments.length < 4) return undefined;
  const perBlankRound = meanOf(increments.map(each => each.value));
  if (perBlankRound.low <= 0) return undefined;
  return { perBlankRound, ...lineThrough(increments) };
}

/** Takes the growth by readings and by time out of a series, so that what is left comes from uploads. */
export function withoutIdleGrowth(points: readonly SeriesPoint[], idle: IdleGrowth): SeriesPoint[] {
  const first = points[0]!;
  return points.map((point, readings) => {
    const idleSoFar =
      idle.perReading.estimate * readings + idle.perSecond.estimate * (point.seconds - first.seconds);
    return { ...point, value: point.value - idleSoFar };
  });
}

function meanOf(values: number[]): Interval {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = Math.sqrt(squares / (values.length - 1) / values.length);
  return around(mean, error * studentUpperQuantile(tail, values.length - 1));
}

/** Least squares with Student's intervals (Draper and Smith, Applied Regression Analysis, 1.4). */
function lineThrough(
  increments: { seconds: number; value: number }[],
): Pick<IdleGrowth, 'perReading' | 'perSecond'> {
  const n = increments.length;
  const meanSeconds = increments.reduce((sum, each) => sum + each.seconds, 0) / n;
  const meanValue = increments.reduce((sum, each) => sum + each.value, 0) / n;
  const spread = increments.reduce((sum, each) => sum + (each.seconds - meanSeconds) ** 2, 0);
  const together = increments.reduce(
    (sum, each) => sum + (each.seconds - meanSeconds) * (each.value - meanValue),
    0,
  );
  const perSecond = spread === 0 ? 0 : together / spread;
  const perReading = meanValue - perSecond * meanSeconds;
  const residuals = increments.reduce(
    (sum, each) => sum + (each.value - perReading - perSecond * each.seconds) ** 2,
    0,
  );
  const sigma = Math.sqrt(residuals / (n - 2));
  const t = studentUpperQuantile(tail, n - 2);
  return {
    perReading: around(
      perReading,
      spread === 0 ? 0 : t * sigma * Math.sqrt(1 / n + meanSeconds ** 2 / spread),
    ),
    perSecond: around(perSecond, spread === 0 ? 0 : (t * sigma) / Math.sqrt(spread)),
  };
}

function around(estimate: number, half: number): Interval {
  return { estimate, low: estimate - half, high: estimate + half };
}
