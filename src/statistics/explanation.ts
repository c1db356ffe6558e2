import { type LaggedProduct, laggedProduct } from './autoregression.js';
import { type Design, type FurtherColumn, further, type WhitenedDesign } from './design.js';
import { fillingDerivative, onlyFills, type Pair, type Transient, transientColumn } from './transient.js';

/**
 * One way to explain a series: y = a + growth * u + rise * transient(u) + steps + noise, the noise
 * autoregressive with coefficient phi. Seen as a function of the growth b alone, its residual sum of
 * squares is `rss + (b - growth)^2 * spread`.
 */
export interface Explanation {
  phi: number;
  transient: Transient | null;
  growth: number;
  rise: number;
  rss: number;
  /** Variance of the growth where the noise has variance 1. */
  spread: number;
  /** Outside of these growths the transient would have to shrink, which what fills does not. */
  floor: number;
  ceiling: number;
  /** -2 log of the restricted likelihood is `freedom * log(rss) + penalty` (Patterson & Thompson 1971). */
  penalty: number;
  freedom: number;
  /** That value; infinite where the best fit lies above the ceiling and only lesser growth counts. */
  deviance: number;
}

/** What fits of one series have in common. */
export interface Setting {
  design: Design;
  freedom: number;
  /** Sum of squares that rounding alone leaves, per reading. */
  rounding: number;
}

export function straight(fit: WhitenedDesign, setting: Setting): Explanation {
  const growth = fit.uy / fit.uu;
  const found = {
    growth,
    rise: 0,
    spread: 1 / fit.uu,
    residual: fit.yy - fit.uy * growth,
  };
  return explanation(fit, setting, null, found);
}

/** Null where the transient and a straight line cannot be told apart. */
export function bent(
  fit: WhitenedDesign,
  setting: Setting,
  transient: Transient,
  column: FurtherColumn,
): Explanation | null {
  const { gg, gu, gy } = fit.sums(column);
  const uu = fit.uu - (gu * gu) / gg;
  if (!(gg > 0) || !(uu > 1e-9 * fit.uu)) return null;
  const uy = fit.uy - (gu * gy) / gg;
  const growth = uy / uu;
  const residual = fit.yy - (gy * gy) / gg - uy * growth;
  const found = {
    growth,
    rise: (gy - growth * gu) / gg,
    spread: 1 / uu,
    residual,
  };
  if (!onlyFills(transient)) return explanation(fit, setting, transient, found);
  return gu > 0 ? explanation(fit, setting, transient, found, gy / gu) : null;
}

/** Columns of the two parts of a pair, ready for any fit. */
export interface PairColumns {
  pair: Pair;
  first: FurtherColumn;
  second: FurtherColumn;
  cross: LaggedProduct;
}

export function pairColumns({ design }: Setting, pair: Pair): PairColumns {
  const u = design.columns[design.nuisance]!;
  const [first, second] = pair.of.map(each => further(design, transientColumn(each, u)));
  return { pair, first: first!, second: second!, cross: laggedProduct(first!.column, second!.column) };
}

/** Null where the two parts, or they and a straight line, cannot be told apart, or one of them would have to shrink. */
export function paired(fit: WhitenedDesign, setting: Setting, columns: PairColumns): Explanation | null {
  const { pair } = columns;
  const g = fit.sums(columns.first);
  const h = fit.sums(columns.second);
  const gh = fit.cross(g, h, columns.cross);
  const determinant = g.gg * h.gg - gh * gh;
  if (!(g.gg > 0) || !(determinant > 1e-9 * g.gg * h.gg)) return null;
  // Each part's rise is a straight line in the growth b: rise = at - b * per.
  const at = [(h.gg * g.gy - gh * h.gy) / determinant, (g.gg * h.gy - gh * g.gy) / determinant];
  const per = [(h.gg * g.gu - gh * h.gu) / determinant, (g.gg * h.gu - gh * g.gu) / determinant];
  const uu = fit.uu - per[0]! * g.gu - per[1]! * h.gu;
  if (!(uu > 1e-9 * fit.uu)) return null;
  const growth = (fit.uy - at[0]! * g.gu - at[1]! * h.gu) / uu;
  const limits = [0, 1].map(i => ({ limit: at[i]! / per[i]!, above: per[i]! < 0 }));
  const floor = Math.max(Number.NEGATIVE_INFINITY, ...limits.flatMap(each => (each.above ? each.limit : [])));
  const ceiling = Math.min(
    Number.POSITIVE_INFINITY,
    ...limits.flatMap(each => (each.above ? [] : each.limit)),
  );
  if (!(growth >= floor && growth <= ceiling)) return null;
  const rises = [at[0]! - growth * per[0]!, at[1]! - growth * per[1]!];
  const rise = rises[0]! + rises[1]!;
  const residual = fit.yy - fit.uy * growth - rises[0]! * g.gy - rises[1]! * h.gy;
  const transient: Pair = { ...pair, share: rise > 0 ? rises[0]! / rise : 1 / 2 };
  return explanation(fit, setting, transient, { growth, rise, spread: 1 / uu, residual }, ceiling, floor);
}

/** A cache whose time constant is not taken as known: its derivative by log tau is one more column. */
export interface Loose {
  explanation: Explanation;
  /** By how much log tau should change, and how uncertain it is. */
  correction: number;
  uncertainty: number;
}

/** A filling column and its derivative by log tau, ready for any fit. */
export interface FillingColumns {
  tau: number;
  filling: FurtherColumn;
  derivative: FurtherColumn;
  cross: LaggedProduct;
}

export function fillingColumns({ design }: Setting, tau: number): FillingColumns {
  const u = design.columns[design.nuisance]!;
  const filling = further(design, transientColumn({ kind: 'filling', tau }, u));
  const derivative = further(design, fillingDerivative(tau, u));
  return {
    tau,
    filling,
    derivative,
    cross: laggedProduct(filling.column, derivative.column),
  };
}

export function loose(fit: WhitenedDesign, setting: Setting, columns: FillingColumns): Loose | null {
  const transient: Transient = { kind: 'filling', tau: columns.tau };
  const g = fit.sums(columns.filling);
  const d = fit.sums(columns.derivative);
  const gd = fit.cross(g, d, columns.cross);
  const dd = d.gg - (gd * gd) / g.gg;
  const du = d.gu - (gd * g.gu) / g.gg;
  const dy = d.gy - (gd * g.gy) / g.gg;
  const uu = fit.uu - (g.gu * g.gu) / g.gg - (du * du) / dd;
  if (!(dd > 1e-9 * d.gg) || !(uu > 1e-9 * fit.uu)) return null;
  const uy = fit.uy - (g.gu * g.gy) / g.gg - (du * dy) / dd;
  const growth = uy / uu;
  const turn = (dy - growth * du) / dd;
  const rise = (g.gy - growth * g.gu - turn * gd) / g.gg;
  const residual = fit.yy - (g.gy * g.gy) / g.gg - (dy * dy) / dd - uy * growth;
  const found = explanation(fit, setting, transient, {
    growth,
    rise,
    spread: 1 / uu,
    residual,
  });
  const turnVariance = (found.rss / found.freedom) * (1 / dd + (du / dd) ** 2 / uu);
  return {
    explanation: found,
    correction: turn / rise,
    uncertainty: Math.sqrt(turnVariance) / Math.abs(rise),
  };
}

function explanation(
  { phi, logDeterminant }: WhitenedDesign,
  { freedom, rounding }: Setting,
  transient: Transient | null,
  { growth, rise, spread, residual }: { growth: number; rise: number; spread: number; residual: number },
  ceiling = Number.POSITIVE_INFINITY,
  floor = Number.NEGATIVE_INFINITY,
): Explanation {
  // Rounding is independent from reading to reading, so whitening makes more of it.
  const rss = Math.max(residual, 0) + (1 + phi * phi) * rounding;
  const penalty = logDeterminant - Math.log(1 - phi * phi);
  const deviance = growth <= ceiling ? freedom * Math.log(rss) + penalty : Number.POSITIVE_INFINITY;
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
    deviance,
  };
}
