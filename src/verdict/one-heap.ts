import type { Finding } from './findings.js';
import { weighs } from './parts.js';

/**
 * Bytes and objects of one heap are one leak: where the objects leak, their bytes do, however few. Bytes that are
 * shown to grow at all leak with them; of others it is not known how much the leaking objects weigh, and the verdict
 * rests on the objects alone.
 */
export function asOneHeap(finding: Finding, findings: readonly Finding[]): Finding {
  const { series, verdict, perUpload } = finding;
  const counted = findings.find(
    each => each.series.name === weighs[series.name] && each.series.source === series.source,
  );
  if (counted?.verdict !== 'leak' || verdict === 'leak') return finding;
  const { moreUploads, ...found } = finding;
  if (perUpload.low > 0) return { ...found, verdict: 'leak', reason: 'growing' };
  return verdict === 'flat'
    ? { ...found, verdict: 'inconclusive', reason: 'too-noisy', decisive: false }
    : { ...finding, decisive: false };
}
