import { median } from './order.js';

/** A trend by ranks, which a few wild values do not move. */
export interface RankTrend {
  /** Theil and Sen's slope: the median of the slopes through every two points. */
  slope: number;
  /** Kendall's S over its standard error, corrected for ties and continuity; normal if there is no trend. */
  z: number;
}

/** For points in the order of `x`, each at an `x` of its own (Kendall 1975, chapter 4; Sen 1968). */
export function rankTrend(x: ArrayLike<number>, y: ArrayLike<number>): RankTrend {
  const n = x.length;
  const slopes: number[] = [];
  let s = 0;
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++) {
      slopes.push((y[i]! - y[j]!) / (x[i]! - x[j]!));
      s += Math.sign(y[i]! - y[j]!);
    }
  }
  const ties = new Map<number, number>();
  for (let i = 0; i < n; i++) ties.set(y[i]!, (ties.get(y[i]!) ?? 0) + 1);
  const pairs = (count: number) => count * (count - 1) * (2 * count + 5);
  const variance = [...ties.values()].reduce((left, count) => left - pairs(count), pairs(n)) / 18;
  const z = variance > 0 ? (Math.sign(s) * Math.max(Math.abs(s) - 1, 0)) / Math.sqrt(variance) : 0;
  return { slope: median(slopes), z };
}
