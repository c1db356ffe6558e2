import type { Point } from '../verdict.js';
import { isWholeNumber } from './decide.js';
import { growthInLumps } from './guards.js';
import type { Judgement } from './judgement.js';
import { type NormalizedSeries, seriesOf } from './series.js';
import { bounded, fewestForNoisyLeak, fewestReadings, type JudgeSettings, reportedTail } from './settings.js';
import { constant } from './trivial.js';

/**
 * A series without noise: every reading lies on one straight line, as closely as it can be read. Null if one
 * does not. Lines through both ends' rounding bound the growth.
 */
export function exact(series: NormalizedSeries, settings: JudgeSettings): Judgement | null {
  const { margin, flatBelow, provenAbove, minUploads } = settings;
  const { uploads, span, unit, resolution } = series;
  const { u, y } = series.readings;
  const rise = y.at(-1)! - y[0]!;
  const reach = resolution / unit;
  if (uploads.length < fewestReadings || !(reach > 0)) return null;
  if (!y.every((value, i) => Math.abs(value - y[0]! - rise * u[i]!) <= reach)) return null;
  const growth = rise * (unit / span);
  const doubt = 2 * (resolution / span);
  const perUpload = bounded(growth - doubt, growth, growth + doubt);
  const intercept = series.zero + y[0]! * unit - growth * uploads[0]!;
  const judgement = {
    perUpload,
    confidence: 1 - reportedTail,
    line: { intercept, from: uploads[0]! },
  };
  if (perUpload.high < flatBelow && perUpload.low <= provenAbove) {
    return {
      verdict: 'flat',
      reason: perUpload.high < 0 ? 'falling' : 'within-margin',
      ...judgement,
    };
  }
  const whole = isWholeNumber(perUpload);
  if (perUpload.low <= margin || (!whole && uploads.length < fewestForNoisyLeak)) return null;
  const last = uploads.at(-1)!;
  if (last < minUploads) {
    const moreUploads = Math.ceil(minUploads - last);
    return {
      verdict: 'inconclusive',
      reason: 'may-be-filling',
      ...judgement,
      moreUploads,
    };
  }
  return {
    verdict: 'leak',
    reason: whole ? 'whole-number' : 'growing',
    ...judgement,
  };
}

/** Fewer readings than this do not show that noise, or what filled up, has gone for good. */
const fewestLately = 8;

/** Flat without noise in the second half, as a pool is once it is full; null if it is not. */
export function exactLately(
  points: readonly Point[],
  series: NormalizedSeries,
  settings: JudgeSettings,
): Judgement | null {
  const middle = series.uploads[0]! + series.span / 2;
  const laterPoints = points.filter(({ uploads }) => uploads >= middle);
  const later = seriesOf(laterPoints, settings.resolution);
  if (later.uploads.length < fewestLately) return null;
  const judgement = later.unit === 0 ? constant(later, settings) : exact(later, settings);
  if (judgement?.verdict !== 'flat' || growthInLumps(series) >= settings.flatBelow) return null;
  const risen = series.readings.y.at(-1)! > series.readings.y[0]!;
  return { ...judgement, reason: risen ? 'filled' : judgement.reason };
}
