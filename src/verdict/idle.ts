import { studentUpperQuantile } from '../statistics/student.js';
import { type IdleFit, type Increment, nonNegative } from './idle-fit.js';
import { smoothedIncrement } from './idle-smooth.js';
import type { SeriesPoint } from './series.js';
import type { Interval } from './verdict.js';

/** Growth that needs no uploads: what a reading adds and what time adds. */
export interface IdleGrowth {
  /** Per blank round, reading and time together. */
  perBlankRound: Interval;
  perReading: Interval;
  perSecond: Interval;
}

/** One blank round in 200 flat series may pass for idle growth: it is subtracted, so it must be sure. */
const surely = 0.0025;
/** Each bound of idle growth is missed at most once in twenty: it is one doubt of two. */
const atMost = 0.05;

/**
 * Growth over the blank rounds and rests, or undefined if none is surely above zero. Blank rounds are of two
 * kinds, back to back and as long as a real round, and rests are longer: together they separate what each
 * reading adds from what time adds. Neither is below zero: memory that falls while nothing happens was left
 * behind by earlier uploads.
 */
export function idleGrowth(points: readonly SeriesPoint[]): IdleGrowth | undefined {
  const increments = idleIncrements(points);
  if (increments.length < 4) return undefined;
  const perBlankRound = meanOf(
    increments.filter(({ readings }) => readings === 1),
    surely,
  );
  const fit = fitOf(points);
  const perReading = along(fit, { readings: 1, seconds: 0 }, surely);
  const perSecond = along(fit, { readings: 0, seconds: 1 }, surely);
  const isSure = [perBlankRound, perReading, perSecond].some(({ low }) => low > 0);
  return isSure ? { perBlankRound, perReading, perSecond } : undefined;
}

/**
 * What idle growth adds to a series over some readings and seconds, with an interval that allows for how few
 * blank rounds there are; undefined if there are fewer than two. A fall in a blank round does not raise the
 * upper bound, nor does noise that the readings around it can remove: the bound is the lowest of three, for
 * all increments, for falls counted as none, and for smoothed increments.
 */
export function idleInAll(
  points: readonly SeriesPoint[],
  { readings, seconds }: { readings: number; seconds: number },
): Interval | undefined {
  const increments = idleIncrements(points);
  if (increments.length < 2) return undefined;
  const inAll = (some: readonly Increment[], fitted: () => IdleFit): Interval => {
    if (some.length >= 4) return along(fitted(), { readings, seconds }, atMost);
    const { estimate, high } = meanOf(some, atMost);
    return clipped(estimate * readings, 0, high * readings);
  };
  const risesOnly = increments.map(each => ({ ...each, value: Math.max(each.value, 0) }));
  const smoothed = smoothedIncrements(points);
  const all = inAll(increments, () => fitOf(points));
  const rises = inAll(risesOnly, () => nonNegative(risesOnly));
  const smooth = inAll(smoothed, () => nonNegative(smoothed));
  return { ...all, high: Math.max(all.estimate, Math.min(all.high, rises.high, smooth.high)) };
}

/** Subtracts the growth by readings and by time from a series, so that the rest comes from uploads. */
export function withoutIdleGrowth(points: readonly SeriesPoint[], idle: IdleGrowth): SeriesPoint[] {
  const first = points[0]!;
  return points.map((point, readings) => {
    const idleSoFar =
      idle.perReading.estimate * readings + idle.perSecond.estimate * (point.seconds - first.seconds);
    return { ...point, value: point.value - idleSoFar };
  });
}

/**
 * Growth by readings and by time, from all readings between which no upload completed, each such set around a
 * level of its own.
 */
function fitOf(points: readonly SeriesPoint[]): IdleFit {
  const levels = new Map<number, SeriesPoint[]>();
  for (const point of points) levels.set(point.uploads, [...(levels.get(point.uploads) ?? []), point]);
  const sets = [...levels.values()].filter(({ length }) => length > 1);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const rows = sets.flatMap(set => {
    const [seconds, value] = [mean(set.map(each => each.seconds)), mean(set.map(each => each.value))];
    return set.map((each, i) => ({
      readings: i - (set.length - 1) / 2,
      seconds: each.seconds - seconds,
      value: each.value - value,
    }));
  });
  return nonNegative(rows, rows.length - sets.length);
}

/** Changes while no upload completed: over each blank round, and over each rest with all its readings. */
function idleIncrements(points: readonly SeriesPoint[]): Increment[] {
  return idleSpans(points).map(span => plainIncrement(points, span));
}

function smoothedIncrements(points: readonly SeriesPoint[]): Increment[] {
  return idleSpans(points).map(
    span =>
      (span.to - span.from === 1 && smoothedIncrement(points, span.from)) || plainIncrement(points, span),
  );
}

/** The change from one reading to another, by their indices. */
interface Span {
  from: number;
  to: number;
}

function plainIncrement(points: readonly SeriesPoint[], { from, to }: Span): Increment {
  const [before, after] = [points[from]!, points[to]!];
  return { readings: to - from, seconds: after.seconds - before.seconds, value: after.value - before.value };
}

/** The readings of a rest follow one another: the first and the last show most of what the rest added. */
function idleSpans(points: readonly SeriesPoint[]): Span[] {
  const spans: Span[] = [];
  for (const [to, { round, uploads }] of points.entries()) {
    if (round === 'upload' || round === 'warm-up' || points[to - 1]?.uploads !== uploads) continue;
    const last = spans.at(-1);
    if (round === 'rest' && last?.to === to - 1 && points[to - 1]!.round === 'rest') last.to = to;
    else spans.push({ from: to - 1, to });
  }
  return spans;
}

function meanOf(increments: readonly Increment[], tail: number): Interval {
  const values = increments.map(({ value }) => value);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = Math.sqrt(squares / (values.length - 1) / values.length);
  const half = error * studentUpperQuantile(tail, values.length - 1);
  return { estimate: mean, low: mean - half, high: mean + half };
}

/** The growth over some readings and seconds. If the growth is not below zero, neither are its bounds. */
function along(
  fit: IdleFit,
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
