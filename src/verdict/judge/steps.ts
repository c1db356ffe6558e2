import type { Fit } from '../../statistics/fit.js';
import type { LevelShift } from '../../statistics/outliers.js';

/** Growth this many times as high as a fall, without another fall, is not a sawtooth. */
const outgrown = 2;

/**
 * How much falls took back, from position `from` on: a leak must outgrow it. If growth was never left alone
 * for long enough to outgrow the highest fall, the next one may be about to come, and counts too.
 */
export function drawdown(steps: readonly LevelShift[], growth: number, from = 0): number {
  const falls = fallsIn(steps).sort((a, b) => a.at - b.at);
  const highest = highestOf(falls);
  const ends = [...falls.map(({ at }) => at), 1];
  const longest = Math.max(...ends.map((end, i) => end - (ends[i - 1] ?? 0)));
  return takenBy(falls, from) + (growth * longest >= outgrown * highest ? 0 : highest);
}

/**
 * What falls took back, and what they would have if another as high came now, which it may however far growth
 * has outgrown it.
 */
export function greatestDrawdown(steps: readonly LevelShift[], from = 0): number {
  const falls = fallsIn(steps);
  return takenBy(falls, from) + highestOf(falls);
}

function fallsIn(steps: readonly LevelShift[]): LevelShift[] {
  return steps.filter(({ height }) => height < 0);
}

function highestOf(falls: readonly LevelShift[]): number {
  return Math.max(0, ...falls.map(({ height }) => -height));
}

function takenBy(falls: readonly LevelShift[], from: number): number {
  return falls.filter(({ at }) => at > from).reduce((sum, { height }) => sum - height, 0);
}

/** The first of these for a fall that is a fit's transient. */
export function drawdownBy({ transient, rise, growth }: Fit): number {
  return transient?.kind === 'step' ? drawdown([{ at: transient.at, height: rise }], growth) : 0;
}

/** The second. */
export function greatestDrawdownBy({ transient, rise }: Fit): number {
  return transient?.kind === 'step' ? greatestDrawdown([{ at: transient.at, height: rise }]) : 0;
}

/**
 * A rise later than this share of the run, or with fewer readings after it, is too recent to be the last one.
 */
const recent = 0.5;
const fewestAfter = 10;

/** After this many times the longest interval between two rises without another, none is to be expected. */
const patience = 1.5;

/**
 * How much growth over the run steps up amount to, as long as the next may be due: a recent one counts as if
 * it came again in every half of the run, and those that came again and again, each soon after the other, all
 * count.
 */
export function lastingRise(steps: readonly LevelShift[], readings: number): number {
  const rises = steps.filter(({ height }) => height > 0).sort((a, b) => a.at - b.at);
  if (rises.length === 0) return 0;
  const sum = (some: readonly LevelShift[]) => some.reduce((total, { height }) => total + height, 0);
  const settled = Math.min(recent, 1 - fewestAfter / readings);
  const late = sum(rises.filter(({ at }) => at > settled)) / (1 - recent);
  const gaps = rises.slice(1).map(({ at }, i) => at - rises[i]!.at);
  const due = rises.length > 1 && 1 - rises.at(-1)!.at < patience * Math.max(...gaps);
  return Math.max(late, due ? sum(rises) : 0);
}
