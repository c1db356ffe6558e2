/** What a series grew by from one reading to the next, and how long that took. */
export interface Increment {
  seconds: number;
  value: number;
  /** As a multiple of that of the difference of two readings. */
  variance?: number;
}

interface Rates {
  perReading: number;
  perSecond: number;
}

/** The growth by readings and by time that fits the increments best. */
export interface Fit extends Rates {
  /** The same where growth below zero is let be, as the intervals need it. */
  free: Rates;
  /** Of `free`: var(perReading), cov, var(perSecond). */
  covariance: readonly [number, number, number];
  freedom: number;
}

/**
 * Weighted least squares of `value = perReading + perSecond * seconds` with neither below zero: where the free fit has one
 * below, the best is on the edge (Lawson and Hanson, Solving Least Squares Problems, chapter 23). Needs three
 * increments; where all took equally long, time and readings cannot be told apart, and readings take it all.
 */
export function nonNegative(increments: readonly Increment[]): Fit {
  const n = increments.length;
  const sum = (of: (each: Increment) => number) =>
    increments.reduce((total, each) => total + of(each) / (each.variance ?? 1), 0);
  const weight = sum(() => 1);
  const meanSeconds = sum(({ seconds }) => seconds) / weight;
  const meanValue = sum(({ value }) => value) / weight;
  const spread = sum(({ seconds }) => (seconds - meanSeconds) ** 2);
  const together = sum(({ seconds, value }) => (seconds - meanSeconds) * (value - meanValue));
  const slope = spread > 0 ? together / spread : 0;
  const free = { perReading: meanValue - slope * meanSeconds, perSecond: slope };
  const freedom = n - (spread > 0 ? 2 : 1);
  const residual = (rates: Rates) =>
    sum(({ seconds, value }) => (value - rates.perReading - rates.perSecond * seconds) ** 2);
  const variance = residual(free) / freedom;
  const covariance =
    spread > 0
      ? ([
          variance * (1 / weight + meanSeconds ** 2 / spread),
          (-variance * meanSeconds) / spread,
          variance / spread,
        ] as const)
      : ([variance / weight, 0, 0] as const);

  const squares = sum(({ seconds }) => seconds ** 2);
  const throughOrigin = squares > 0 ? sum(({ seconds, value }) => seconds * value) / squares : 0;
  const edges: Rates[] = [
    { perReading: Math.max(meanValue, 0), perSecond: 0 },
    { perReading: 0, perSecond: Math.max(throughOrigin, 0) },
  ];
  const inside = free.perReading >= 0 && free.perSecond >= 0;
  const best = inside ? free : edges.reduce((a, b) => (residual(b) < residual(a) ? b : a));
  return { ...best, free, covariance, freedom };
}
