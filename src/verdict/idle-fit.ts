/** The growth of a series over some readings and seconds without uploads. */
export interface Increment {
  readings: number;
  seconds: number;
  value: number;
  /** The variance, as a multiple of that of the difference of two readings. */
  variance?: number;
}

interface Rates {
  perReading: number;
  perSecond: number;
}

/** The growth by readings and by time that fits the increments best. */
export interface IdleFit extends Rates {
  /** The same if growth below zero is allowed, as the intervals need it. */
  free: Rates;
  /** The covariances of `free`: var(perReading), cov, var(perSecond). */
  covariance: readonly [number, number, number];
  freedom: number;
}

/**
 * Weighted least squares of `value = perReading * readings + perSecond * seconds` with neither below zero: if
 * the free fit has one below, the best is on the edge (Lawson and Hanson, Solving Least Squares Problems,
 * chapter 23). Needs three increments, or `known` differences that they are made of; if all took equally long
 * for each reading, time and readings cannot be told apart, and readings take it all.
 */
export function nonNegative(increments: readonly Increment[], known = increments.length): IdleFit {
  const sum = (of: (each: Increment) => number) =>
    increments.reduce((total, each) => total + of(each) / (each.variance ?? 1), 0);
  const rr = sum(({ readings }) => readings ** 2);
  const rs = sum(({ readings, seconds }) => readings * seconds);
  const ss = sum(({ seconds }) => seconds ** 2);
  const rv = sum(({ readings, value }) => readings * value);
  const sv = sum(({ seconds, value }) => seconds * value);
  const determinant = rr * ss - rs ** 2;
  const apart = determinant > 1e-9 * rr * ss;
  const free = apart
    ? { perReading: (ss * rv - rs * sv) / determinant, perSecond: (rr * sv - rs * rv) / determinant }
    : { perReading: rv / rr, perSecond: 0 };
  const freedom = known - (apart ? 2 : 1);
  const residual = ({ perReading, perSecond }: Rates) =>
    sum(({ readings, seconds, value }) => (value - perReading * readings - perSecond * seconds) ** 2);
  const variance = residual(free) / freedom;
  const covariance = apart
    ? ([
        (variance * ss) / determinant,
        (-variance * rs) / determinant,
        (variance * rr) / determinant,
      ] as const)
    : ([variance / rr, 0, 0] as const);

  const edges: Rates[] = [
    { perReading: Math.max(rv / rr, 0), perSecond: 0 },
    { perReading: 0, perSecond: ss > 0 ? Math.max(sv / ss, 0) : 0 },
  ];
  const inside = free.perReading >= 0 && free.perSecond >= 0;
  const best = inside ? free : edges.reduce((a, b) => (residual(b) < residual(a) ? b : a));
  return { ...best, free, covariance, freedom };
}
