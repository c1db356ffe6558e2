import type { Series } from './judge-series.js';
import { bounded, fewestReadings, finite, reportedTail, type Settings } from './judge-settings.js';
import type { Judgement } from './judgement.js';

/** Fewer than three numbers of uploads: all there is to quote is the difference. */
export function tooFew(series: Series, { margin }: Settings): Judgement {
  const difference =
    series.span > 0 ? (series.readings.y.at(-1)! - series.readings.y[0]!) * (series.unit / series.span) : 0;
  const doubt = Math.abs(difference) + Math.abs(margin);
  return {
    verdict: 'inconclusive',
    reason: 'too-few-rounds',
    perUpload: bounded(difference - doubt, difference, difference + doubt),
    confidence: 1 - reportedTail,
  };
}

/**
 * A series that never changed. Had each upload left one more thing behind with probability p, seeing
 * none in N uploads would have the probability (1 - p)^N; the largest p that is not too unlikely bounds
 * the growth ("rule of three", Hanley & Lippman-Hand 1983).
 */
export function constant(series: Series, { margin, flatBelow = margin }: Settings): Judgement {
  const { uploads, span, resolution, zero } = series;
  const most = -Math.expm1(Math.log(reportedTail) / span) * resolution;
  const judgement = {
    perUpload: bounded(-most, 0, most),
    confidence: 1 - reportedTail,
    line: { intercept: zero, from: uploads[0]! },
  };
  if (uploads.length < fewestReadings) {
    return { verdict: 'inconclusive', reason: 'too-few-rounds', ...judgement };
  }
  if (most < flatBelow || most === 0) return { verdict: 'flat', reason: 'constant', ...judgement };
  const enough = Math.log(reportedTail) / Math.log1p(-Math.min(margin / resolution, 0.5));
  const moreUploads = finite(Math.max(1, Math.ceil(enough - span)));
  return { verdict: 'inconclusive', reason: 'too-noisy', ...judgement, moreUploads };
}
