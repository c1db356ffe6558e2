import type { SeriesPoint } from '../series/series.js';
import { studentUpperQuantile } from '../statistics/student.js';
import { type Fit, type Increment, nonNegative } from './idle-fit.js';
import { smoothedIncrement } from './idle-smooth.js';
import type { Interval } from './types.js';

/** Growth that needs no uploads: what a reading adds and what time adds. */
export interface IdleGrowth {
  /** Per blank round, reading and time together. */
  perBlankRound: Interval;
  perReading: Interval;
  perSecond: Interval;
}

/** One blank round in 200 flat series may pass for idle growth: it is taken off, so it must be sure. */
const surely = 0.0025;
/** What idle growth may be at most, or at least, is missed at most once in twenty: it is one doubt of two. */
const atMost = 0.05;

/**
 * Growth over the blank rounds, or undefined where it is not surely above zero. Blank rounds are of two
 * kinds, back to back and as long as a real round: they tell what each reading adds from what time adds.
 * Neither is below zero: memory that falls while nothing happens is what the uploads before left behind.
 */
export function idleGrowth(points: readonly SeriesPoint[]): IdleGrowth | undefined {
  const increments = idleIncrements(points);
  if (increments.length < 4) return undefined;
  const perBlankRound = meanOf(increments, surely);
  if (perBlankRound.low <= 0) return undefined;
  const fit = nonNegative(increments);
  return {
    perBlankRound,
    perReading: along(fit, { readings: 1, seconds: 0 }, surely),
    perSecond: along(fit, { readings: 0, seconds: 1 }, surely),
  };
}

/**
 * What idle growth adds to a series from its first point to its last, with an interval that allows for how few
 * blank rounds there are; undefined where there are fewer than two. What falls in a blank round makes the upper
 * bound no larger, nor does noise that the readings around it can be rid of: the bound is the lowest of that for all
 * increments, that where falls count as none, and that of smoothed increments.
 */
export function idleInAll(points: readonly SeriesPoint[]): Interval | undefined {
  const increments = idleIncrements(points);
  if (increments.length < 2) return undefined;
  const readings = points.length - 1;
  const seconds = points.at(-1)!.seconds - points[0]!.seconds;
  const inAll = (some: readonly Increment[]): Interval => {
    if (some.length >= 4) return along(nonNegative(some), { readings, seconds }, atMost);
    const { estimate, high } = meanOf(some, atMost);
    return clipped(estimate * readings, 0, high * readings);
  };
  const all = inAll(increments);
  const rises = inAll(increments.map(each => ({ ...each, value: Math.max(each.value, 0) })));
  const smooth = inAll(smoothedIncrements(points));
  return { ...all, high: Math.max(all.estimate, Math.min(all.high, rises.high, smooth.high)) };
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

/** What changed from one reading to the next while no upload completed: blank rounds, and rests of any length. */
function idleIncrements(points: readonly SeriesPoint[]): Increment[] {
  return idleSteps(points).map(i => plainIncrement(points, i));
}

function smoothedIncrements(points: readonly SeriesPoint[]): Increment[] {
  return idleSteps(points).map(i => smoothedIncrement(points, i - 1) ?? plainIncrement(points, i));
}

function plainIncrement(points: readonly SeriesPoint[], i: number): Increment {
  const [before, after] = [points[i - 1]!, points[i]!];
  return { seconds: after.seconds - before.seconds, value: after.value - before.value };
}

function idleSteps(points: readonly SeriesPoint[]): number[] {
  return points.flatMap(({ round, uploads }, i) => {
    const isIdle = round !== 'upload' && round !== 'warm-up';
    return isIdle && points[i - 1]?.uploads === uploads ? [i] : [];
  });
}

function meanOf(increments: readonly Increment[], tail: number): Interval {
  const values = increments.map(({ value }) => value);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = Math.sqrt(squares / (values.length - 1) / values.length);
  const half = error * studentUpperQuantile(tail, values.length - 1);
  return { estimate: mean, low: mean - half, high: mean + half };
}

/** The growth over so many readings and seconds. Bounds of growth that is not below zero are not below it either. */
function along(
  fit: Fit,
  { readings, seconds }: { readings: number; seconds: number },
  tail: number,
): Interval {
  const { perReading, perSecond, free, covariance, freedom } = fit;
  const [rr, rs, ss] = covariance;
  const variance = readings ** 2 * rr + 2 * readings * seconds * rs + seconds ** 2 * ss;
  const half = studentUpperQuantile(tail, freedom) * Math.sqrt(Math.max(variance, 0));
  const middle = free.perReading * readings + free.perSecond * seconds;
  return clipped(perReading * readings + perSecond * seconds, middle - half, middle + half);
}

function clipped(estimate: number, low: number, high: number): Interval {
  const middle = Math.max(estimate, 0);
  return { estimate: middle, low: Math.min(Math.max(low, 0), middle), high: Math.max(high, middle) };
}
