import { studentUpperQuantile } from '../statistics/student.js';
import { reportedTail } from '../verdict/judge/settings.js';
import type { Interval } from '../verdict/verdict.js';

/** One quantity before and after, and after as a multiple of before. */
export interface Ratio {
  /** Geometric means over the rounds. */
  before: number;
  after: number;
  ratio: Interval;
}

/**
 * How many times as large the values after are as those before: the difference of the means of their
 * logarithms, unequal variances allowed for (Welch 1947), either bound missed at most once in forty. Values
 * that are not above zero are left out; undefined where fewer than two are left on a side.
 */
export function ratioOf(before: readonly number[], after: readonly number[]): Ratio | undefined {
  const [a, b] = [momentsOf(before), momentsOf(after)];
  if (!a || !b) return undefined;
  const estimate = b.mean - a.mean;
  const squares = a.squaredError + b.squaredError;
  const freedom = squares ** 2 / (a.squaredError ** 2 / a.freedom + b.squaredError ** 2 / b.freedom);
  const reach = squares === 0 ? 0 : Math.sqrt(squares) * studentUpperQuantile(reportedTail, freedom);
  return {
    before: Math.exp(a.mean),
    after: Math.exp(b.mean),
    ratio: {
      estimate: Math.exp(estimate),
      low: Math.exp(estimate - reach),
      high: Math.exp(estimate + reach),
    },
  };
}

/** The mean of the logarithms, the square of its standard error, and its degrees of freedom. */
function momentsOf(values: readonly number[]) {
  const logs = values.filter(value => value > 0 && Number.isFinite(value)).map(Math.log);
  if (logs.length < 2) return undefined;
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const freedom = logs.length - 1;
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / freedom;
  return { mean, squaredError: variance / logs.length, freedom };
}
