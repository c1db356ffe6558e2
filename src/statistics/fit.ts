import type { Design, WhitenedDesign } from './design.js';
import type { Columns } from './fit-columns.js';
import { type Solved, solve, varianceOf } from './least-squares.js';
import { onlyFills, type Pair, type Transient } from './transient.js';

/**
 * One way to explain a series: y = a + growth * u + rise * transient(u) + steps + noise, the noise
 * autoregressive with coefficient phi. Seen as a function of the growth b alone, its residual sum of
 * squares is `rss + (b - growth)^2 / spread`.
 */
export interface Fit {
  phi: number;
  transient: Transient | null;
  growth: number;
  rise: number;
  rss: number;
  /** Variance of the growth if the noise has variance 1. */
  spread: number;
  /** Outside of these growths a transient would have to shrink, but one that fills does not. */
  floor: number;
  ceiling: number;
  /** -2 log of the restricted likelihood is `freedom * log(rss) + penalty` (Patterson & Thompson 1971). */
  penalty: number;
  freedom: number;
  /**
   * That value; infinite if the best fit lies outside of the limits, because only growths within them count.
   */
  deviance: number;
}

/** What the fits of one series have in common. */
export interface FitSetting {
  design: Design;
  freedom: number;
  /** Sum of squares that rounding alone leaves, per reading. */
  rounding: number;
}

/** Null if the transient, or its parts, cannot be told from a straight line. */
export function fitModel(
  whitened: WhitenedDesign,
  setting: FitSetting,
  transient: Transient | null,
  columns: Columns,
): Fit | null {
  const solved = solve(whitened, columns);
  if (!solved) return null;
  const { growth, coefficients, perGrowth } = solved;
  let floor = Number.NEGATIVE_INFINITY;
  let ceiling = Number.POSITIVE_INFINITY;
  if (transient !== null && onlyFills(transient)) {
    for (const [i, per] of perGrowth.entries()) {
      const limit = growth + coefficients[i]! / per;
      if (per > 0) ceiling = Math.min(ceiling, limit);
      else if (per < 0) floor = Math.max(floor, limit);
    }
    if (floor > ceiling) return null;
  }
  return fitOf(whitened, setting, transient && weighted(transient, coefficients), solved, floor, ceiling);
}

/** A filling whose time constant is estimated, too. */
export interface Loose {
  fit: Fit;
  /** By how much the logarithm of the time constant should change, and how uncertain it is. */
  correction: number;
  uncertainty: number;
}

/** Null if the readings do not tell the columns apart. */
export function fitLoosely(
  whitened: WhitenedDesign,
  setting: FitSetting,
  tau: number,
  columns: Columns,
): Loose | null {
  const solved = solve(whitened, columns);
  if (!solved) return null;
  const found = fitOf(whitened, setting, { kind: 'filling', tau }, solved);
  const rise = solved.coefficients[0]!;
  const turnVariance = (found.rss / found.freedom) * varianceOf(solved, solved.coefficients.length - 1);
  return {
    fit: found,
    correction: solved.coefficients.at(-1)! / rise,
    uncertainty: Math.sqrt(turnVariance) / Math.abs(rise),
  };
}

/** A pair with each part's share of the rise. */
function weighted(transient: Transient, [first = 0, second = 0]: readonly number[]): Transient {
  if (transient.kind !== 'pair') return transient;
  const rise = first + second;
  return { ...transient, share: rise === 0 ? 1 / 2 : first / rise } satisfies Pair;
}

function fitOf(
  { phi, logDeterminant }: WhitenedDesign,
  { freedom, rounding }: FitSetting,
  transient: Transient | null,
  { growth, coefficients, spread, residual }: Solved,
  floor = Number.NEGATIVE_INFINITY,
  ceiling = Number.POSITIVE_INFINITY,
): Fit {
  // Rounding is independent from reading to reading, so whitening increases it.
  const rss = Math.max(residual, 0) + (1 + phi * phi) * rounding;
  const penalty = logDeterminant - Math.log(1 - phi * phi);
  const within = growth >= floor && growth <= ceiling;
  const rise = transient === null ? 0 : coefficients[0]! + (transient.kind === 'pair' ? coefficients[1]! : 0);
  return {
    phi,
    transient,
    growth,
    rise,
    rss,
    spread,
    floor,
    ceiling,
    penalty,
    freedom,
    deviance: within ? freedom * Math.log(rss) + penalty : Number.POSITIVE_INFINITY,
  };
}
