import { studentUpperQuantile } from './student.js';

/** A straight line through points: its slope, and how well that is known. */
export interface Trend {
  slope: number;
  /** The standard error of the slope, corrected for autocorrelation of the residuals. */
  standardError: number;
  /** Degrees of freedom. */
  freedom: number;
}

/**
 * Least squares, which is linear in `y`: the slopes of parts add up to the slope of their sum. The standard
 * error is widened by sqrt((1 + phi) / (1 - phi)) for residuals that follow one another with correlation
 * `phi` (first-order autoregression; phi is corrected for its bias of -(1 + 4 phi) / n, Kendall 1954). Three
 * points at least, not all at one `x`.
 */
export function trendOf(x: ArrayLike<number>, y: ArrayLike<number>): Trend {
  const n = x.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  let xx = 0;
  let xy = 0;
  for (let i = 0; i < n; i += 1) {
    xx += (x[i]! - meanX) ** 2;
    xy += (x[i]! - meanX) * (y[i]! - meanY);
  }
  const slope = xy / xx;
  let squares = 0;
  let neighbours = 0;
  let before = 0;
  for (let i = 0; i < n; i += 1) {
    const residual = y[i]! - meanY - slope * (x[i]! - meanX);
    squares += residual * residual;
    if (i > 0) neighbours += residual * before;
    before = residual;
  }
  const freedom = n - 2;
  // For numbers on a line, the residual is rounding, as large as the numbers' own precision allows.
  if (squares <= n * (1e-12 * Math.abs(meanY)) ** 2) return { slope, standardError: 0, freedom };
  const raw = neighbours / squares;
  const phi = Math.min(0.9, Math.max(0, (raw * n + 1) / (n - 4 > 0 ? n - 4 : n)));
  const standardError = Math.sqrt((squares / freedom / xx) * ((1 + phi) / (1 - phi)));
  return { slope, standardError, freedom };
}

/** How far the slope may be off on either side, each with probability `tail`. */
export function trendError({ standardError, freedom }: Trend, tail: number): number {
  return standardError === 0 ? 0 : standardError * studentUpperQuantile(tail, freedom);
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i]!;
  return sum / values.length;
}
