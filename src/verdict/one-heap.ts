import { resources } from '../probes/resources.js';
import type { Finding } from './finding.js';

/**
 * Bytes and objects of one heap are one leak: if the objects leak, so do their bytes, however few. Bytes that
 * are shown to grow at all leak with them, unless they stay within the user's tolerance; then, and if it is
 * not known how much the leaking objects weigh, the verdict rests on the objects alone.
 */
export function asOneHeap(finding: Finding, findings: readonly Finding[]): Finding {
  const { series, verdict, perUpload } = finding;
  const counted = findings.find(
    each => resources[each.series.name].counts === series.name && each.series.source === series.source,
  );
  if (counted?.verdict !== 'leak' || verdict === 'leak') return finding;
  const grows = perUpload.low > 0;
  const { moreUploads, ...found } = finding;
  if (verdict === 'flat') {
    return {
      ...found,
      verdict: 'inconclusive',
      reason: grows ? 'near-margin' : 'too-noisy',
      decisive: false,
    };
  }
  return grows ? { ...found, verdict: 'leak', reason: 'growing' } : { ...finding, decisive: false };
}
