import { type LaggedProduct, laggedProduct } from './autoregression.js';
import { type Design, type FurtherColumn, further, type WhitenedDesign } from './design.js';
import { fillingDerivative, onlyFills, type Pair, type Transient, transientColumn } from './transient.js';

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
  /** Variance of the growth where the noise has variance 1. */
  spread: number;
  /** Outside of these growths a transient would have to shrink, which what fills does not. */
  floor: number;
  ceiling: number;
  /** -2 log of the restricted likelihood is `freedom * log(rss) + penalty` (Patterson & Thompson 1971). */
  penalty: number;
  freedom: number;
  /** That value; infinite where the best fit lies outside of the limits and only what lies within counts. */
  deviance: number;
}

/** What fits of one series have in common. */
export interface FitSetting {
  design: Design;
  freedom: number;
  /** Sum of squares that rounding alone leaves, per reading. */
  rounding: number;
}

/** Columns beside the straight line, ready for any fit. */
export interface Columns {
  all: FurtherColumn[];
  /** Of each with those before it. */
  cross: LaggedProduct[][];
}

function columnsOf(all: FurtherColumn[]): Columns {
  return { all, cross: all.map((a, i) => all.slice(0, i).map(b => laggedProduct(a.column, b.column))) };
}

/** Fillings come up again and again: in the grid, in every pair, and in the steps towards the best pace. */
const fillings = new WeakMap<Design, Map<number, FurtherColumn>>();

function fillingColumn(design: Design, tau: number): FurtherColumn {
  const known = fillings.get(design) ?? new Map<number, FurtherColumn>();
  fillings.set(design, known);
  const column =
    known.get(tau) ?? further(design, transientColumn({ kind: 'filling', tau }, design.readings.u));
  known.set(tau, column);
  return column;
}

/** The columns of a transient: one, or one for each part of a pair. */
export function transientColumns({ design }: FitSetting, transient: Transient): Columns {
  const all = partsOf(transient).map(part =>
    part.kind === 'filling'
      ? fillingColumn(design, part.tau)
      : further(design, transientColumn(part, design.readings.u)),
  );
  return columnsOf(all);
}

/**
 * A filling and its derivative by the logarithm of its time constant, which is then not taken as known; between them,
 * where there is one, a second filling of a known pace.
 */
export function looseColumns({ design }: FitSetting, tau: number, beside?: number): Columns {
  const paces = beside === undefined ? [tau] : [tau, beside];
  const turn = further(design, fillingDerivative(tau, design.readings.u));
  return columnsOf([...paces.map(pace => fillingColumn(design, pace)), turn]);
}

function partsOf(transient: Transient): readonly Transient[] {
  return transient.kind === 'pair' ? transient.of : [transient];
}

/** Null where the transient, or its parts, and a straight line cannot be told apart. */
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

/** A filling whose time constant is not taken as known. */
export interface Loose {
  fit: Fit;
  /** By how much the logarithm of the time constant should change, and how uncertain it is. */
  correction: number;
  uncertainty: number;
}

/** Null where the readings do not tell the columns apart. */
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

interface Solved {
  growth: number;
  /** Of the columns. */
  coefficients: number[];
  /** By how much each coefficient falls as the growth rises by one. */
  perGrowth: number[];
  /** Cholesky's, of the columns' products. */
  factor: number[][];
  /** Of the straight line, as far as no column explains it. */
  uu: number;
  spread: number;
  residual: number;
}

/** What of a column is left, once others are taken out, below which it cannot be told from them. */
const dependence = 1e-9;

/** Least squares for the growth and the columns' coefficients, by Cholesky's factor of the columns' products. */
function solve(whitened: WhitenedDesign, { all, cross }: Columns): Solved | null {
  const sums = all.map(each => whitened.sums(each));
  const factor: number[][] = [];
  for (const [i, own] of sums.entries()) {
    const row = forward(
      factor,
      sums.slice(0, i).map((other, j) => whitened.cross(own, other, cross[i]![j]!)),
    );
    const pivot = own.gg - squares(row);
    if (!(pivot > dependence * own.gg)) return null;
    factor.push([...row, Math.sqrt(pivot)]);
  }
  const towardsU = forward(
    factor,
    sums.map(({ gu }) => gu),
  );
  const towardsY = forward(
    factor,
    sums.map(({ gy }) => gy),
  );
  const uu = whitened.uu - squares(towardsU);
  if (all.length > 0 && !(uu > dependence * whitened.uu)) return null;
  const uy = whitened.uy - towardsU.reduce((sum, each, i) => sum + each * towardsY[i]!, 0);
  const growth = uy / uu;
  const perGrowth = backward(factor, towardsU);
  const atZero = backward(factor, towardsY);
  return {
    growth,
    coefficients: atZero.map((each, i) => each - growth * perGrowth[i]!),
    perGrowth,
    factor,
    uu,
    spread: 1 / uu,
    residual: whitened.yy - squares(towardsY) - uy * growth,
  };
}

/** Of one coefficient, where the noise has variance 1. */
function varianceOf({ factor, perGrowth, uu }: Solved, i: number): number {
  return inverseDiagonal(factor, i) + perGrowth[i]! ** 2 / uu;
}

function squares(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}

/** Solves L x = values, as far as there are values. */
function forward(factor: readonly number[][], values: readonly number[]): number[] {
  const solution: number[] = [];
  for (const [i, value] of values.entries()) {
    const row = factor[i]!;
    let rest = value;
    for (let j = 0; j < i; j++) rest -= row[j]! * solution[j]!;
    solution.push(rest / row[i]!);
  }
  return solution;
}

/** Solves L' x = values. */
function backward(factor: readonly number[][], values: readonly number[]): number[] {
  const solution = [...values];
  for (let i = solution.length - 1; i >= 0; i--) {
    for (let j = i + 1; j < solution.length; j++) solution[i]! -= factor[j]![i]! * solution[j]!;
    solution[i]! /= factor[i]![i]!;
  }
  return solution;
}

function inverseDiagonal(factor: readonly number[][], i: number): number {
  return squares(
    forward(
      factor,
      factor.map((_, j) => Number(i === j)),
    ),
  );
}

function fitOf(
  { phi, logDeterminant }: WhitenedDesign,
  { freedom, rounding }: FitSetting,
  transient: Transient | null,
  { growth, coefficients, spread, residual }: Solved,
  floor = Number.NEGATIVE_INFINITY,
  ceiling = Number.POSITIVE_INFINITY,
): Fit {
  // Rounding is independent from reading to reading, so whitening makes more of it.
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
