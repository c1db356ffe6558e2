import { incompleteBeta } from './incomplete-beta.js';

/** P(T > t) for Student's t with `freedom` degrees of freedom. Exact far into the upper tail. */
export function studentUpperTail(t: number, freedom: number): number {
  const tail = incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  return t >= 0 ? tail : 1 - tail;
}

const known = new Map<string, number>();

/**
 * The t that Student's distribution exceeds with probability `tail` (0 < tail <= 0.5), by bisection on the
 * tail itself, because quantiles are needed deep in it. The same few are needed again and again, so results
 * are cached.
 */
export function studentUpperQuantile(tail: number, freedom: number): number {
  const key = `${tail}/${freedom}`;
  let quantile = known.get(key);
  if (quantile === undefined) {
    quantile = bisect(tail, freedom);
    if (known.size < 10_000) known.set(key, quantile);
  }
  return quantile;
}

function bisect(tail: number, freedom: number): number {
  let low = 0;
  let high = 1;
  while (studentUpperTail(high, freedom) > tail && high < 1e12) {
    low = high;
    high *= 2;
  }
  for (let i = 0; i < 100 && high - low > 1e-13 * high; i++) {
    const middle = (low + high) / 2;
    if (studentUpperTail(middle, freedom) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
