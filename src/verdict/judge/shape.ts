import type { Fit } from '../../statistics/fit.js';
import type { Judgement } from './judgement.js';
import type { NormalizedSeries } from './series.js';
import { finite } from './settings.js';
import type { Views } from './views.js';

/** A cache that is full to `1 - exp(-x / tau)` is 95% full after three tau. */
const nearlyFull = -Math.log(0.05);

export function plateauOf(series: NormalizedSeries, { whole: { best } }: Views): Judgement['plateau'] {
  if (best.transient?.kind !== 'filling' || !(best.rise > 0)) return undefined;
  const uploads = series.uploads[0]! + nearlyFull * best.transient.tau * series.span;
  return {
    rise: finite(best.rise * series.unit),
    uploads: finite(Math.ceil(uploads)),
  };
}

/** The line with this growth through the last readings, which show where the series is going. */
export function lineOf(
  series: NormalizedSeries,
  { cleaned, whole }: Views,
  growth: number,
): Judgement['line'] {
  const lastStep = cleaned.steps.reduce((latest, { at }) => Math.max(latest, at), 0);
  const from = Math.max(lastStep, settledAfter(whole.best.transient));
  const { u, y } = cleaned.readings;
  const slope = growth * (series.span / series.unit);
  const levels = y.map((value, i) => value - slope * u[i]!).filter((_, i) => u[i]! >= from);
  const level = levels.reduce((sum, value) => sum + value, 0) / Math.max(levels.length, 1);
  const start = series.uploads[0]!;
  return {
    intercept: finite(series.zero + level * series.unit - growth * start),
    from: finite(start + from * series.span),
  };
}

/** The share of the run after which the readings show where the series is going. */
function settledAfter(transient: Fit['transient']): number {
  switch (transient?.kind) {
    case undefined:
      return 0;
    case 'filling':
      return Math.min(nearlyFull * transient.tau, 0.5);
    case 'ring':
    case 'bend':
    case 'step':
      return transient.at;
    case 'pair':
      return Math.max(...transient.of.map(settledAfter));
    default:
      return 0.5;
  }
}
