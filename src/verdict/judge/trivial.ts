import type { Judgement } from './judgement.js';
import type { NormalizedSeries } from './series.js';
import { bounded, fewestReadings, finite, type JudgeSettings, reportedTail } from './settings.js';

/** Fewer than three numbers of uploads: all there is to quote is the difference. */
export function tooFew(series: NormalizedSeries, { margin }: JudgeSettings): Judgement {
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
 * A series that never changed. If each upload had left one more thing behind with probability p, seeing none
 * in N uploads would have the probability (1 - p)^N; the largest p that is not too unlikely bounds the growth
 * ("rule of three", Hanley & Lippman-Hand 1983). Growth that may come in lumps, and has not, could be almost
 * a lump.
 */
export function constant(series: NormalizedSeries, { margin, flatBelow }: JudgeSettings): Judgement {
  const { uploads, span, resolution, zero } = series;
  const rare = -Math.expm1(Math.log(reportedTail) / span) * resolution;
  const lump = lumpOf(series, margin);
  const most = Math.max(rare, lump / span);
  const judgement = {
    perUpload: bounded(-most, 0, most),
    confidence: 1 - reportedTail,
    line: { intercept: zero, from: uploads[0]! },
  };
  if (uploads.length < fewestReadings) {
    return { verdict: 'inconclusive', reason: 'too-few-rounds', ...judgement };
  }
  if (most < flatBelow || most === 0) return { verdict: 'flat', reason: 'constant', ...judgement };
  const enough = Math.max(
    Math.log(reportedTail) / Math.log1p(-Math.min(flatBelow / resolution, 0.5)),
    lump / flatBelow,
  );
  const moreUploads = finite(Math.max(1, Math.ceil(enough - span)));
  return { verdict: 'inconclusive', reason: 'too-noisy', ...judgement, moreUploads };
}

/** The largest pieces in which memory is handed out: regions of a JVM, arenas, chunks. */
const largestLump = 2 ** 20;

/**
 * A gauge that never changed does not show its resolution. A value that is a multiple of some large power of
 * two may consist of lumps of that size; a margin below one is for counts, which come one by one.
 */
function lumpOf({ zero, known }: NormalizedSeries, margin: number): number {
  if (known || margin < 1 || !Number.isInteger(zero)) return 0;
  let lump = 1;
  while (lump < largestLump && zero % (2 * lump) === 0) lump *= 2;
  return lump;
}
