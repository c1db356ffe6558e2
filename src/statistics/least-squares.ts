import type { WhitenedDesign } from './design.js';
import type { Columns } from './fit-columns.js';

export interface Solved {
  growth: number;
  /** One for each column. */
  coefficients: number[];
  /** How much each coefficient falls as the growth rises by one. */
  perGrowth: number[];
  /** The Cholesky factor of the columns' products. */
  factor: number[][];
  /** The sum of squares of the straight line that no column explains. */
  uu: number;
  spread: number;
  residual: number;
}

/**
 * If less than this share of a column is left once the others are projected out, it cannot be told from them.
 */
const dependence = 1e-9;

/**
 * Least squares for the growth and the columns' coefficients, by the Cholesky factor of the columns'
 * products.
 */
export function solve(whitened: WhitenedDesign, { all, cross }: Columns): Solved | null {
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

/** The variance of one coefficient, if the noise has variance 1. */
export function varianceOf({ factor, perGrowth, uu }: Solved, i: number): number {
  return inverseDiagonal(factor, i) + perGrowth[i]! ** 2 / uu;
}

function squares(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}

/** Solves L x = values, for as many values as there are. */
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
