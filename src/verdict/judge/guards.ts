import { rankTrend } from '../../statistics/rank-trend.js';
import type { NormalizedSeries } from './series.js';

/** Above this Kendall's z the last third counts as rising: once in 200 series that do not rise. */
const surelyRising = 2.6;

/**
 * Whether the last third of the run, looked at by itself, rises by more than `limit` per upload. No model is
 * used: whatever explains the whole, a series that rises at its end is not flat.
 */
export function risesLately({ readings: { u, y }, span, unit }: NormalizedSeries, limit: number): boolean {
  const from = u.findIndex(at => at >= 2 / 3);
  const { slope, z } = rankTrend(u.subarray(from), y.subarray(from));
  return z > surelyRising && slope * (unit / span) > limit;
}

/**
 * How much growth in lumps may be, per upload. If most readings are the same as the one before, memory or
 * counts come in lumps (arenas, regions, batches); until as many uploads have passed without another lump as
 * would make the last one small, the next may be due. A rise to an earlier level does not count, and rises in
 * a row are something that fills. Zero if nothing comes in lumps.
 */
export function growthInLumps({ readings: { u, y }, span, unit }: NormalizedSeries): number {
  const stayed = y.filter((value, i) => i > 0 && value === y[i - 1]).length;
  if (stayed <= (y.length - 1) / 2) return 0;
  let last = 0;
  for (let i = 1, most = y[0]!; i < y.length; i++) {
    if (y[i]! <= most) continue;
    most = y[i]!;
    last = i;
  }
  if (last === 0 || (last > 1 && y[last - 1]! > y[last - 2]!)) return 0;
  const since = u.at(-1)! - u[last - 1]!;
  return ((y[last]! - y[last - 1]!) / since) * (unit / span);
}
