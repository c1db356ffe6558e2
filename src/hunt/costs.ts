import { totalEffort } from '../load/connections/self-usage.js';
import type { Reader } from '../probes/reader.js';
import { memoryIn } from '../probes/resource-questions.js';
import type { Hunt } from '../record/record.js';
import type { ChurnSite } from '../verdict/culprits/churn-sites.js';
import { type JudgedRound, type Round, readingsOf } from './rounds.js';

/** What the uploads allocated beyond what a reading by itself allocates, warm-up left out. */
export function churnOf(
  rounds: readonly JudgedRound[],
  reader: Partial<Pick<Reader, 'allocatedFrom'>>,
  sites: ChurnSite[],
): Hunt['churn'] {
  if (!reader.allocatedFrom) return null;
  const allocated = { upload: 0, blank: 0 };
  const readings = { upload: 0, blank: 0 };
  let uploads = 0;
  for (const [i, { step, reading, result }] of rounds.entries()) {
    const before = rounds[i - 1]?.reading?.allocated;
    if (reading?.allocated === undefined || before === undefined) continue;
    if (step.kind !== 'upload' && step.kind !== 'blank') continue;
    allocated[step.kind] += reading.allocated - before;
    readings[step.kind] += 1;
    uploads += result?.completed ?? 0;
  }
  if (uploads === 0) return null;
  const byReadings = readings.blank === 0 ? 0 : (allocated.blank / readings.blank) * readings.upload;
  const perUpload = Math.max(0, allocated.upload - byReadings) / uploads;
  return {
    perUpload,
    source: reader.allocatedFrom,
    ...(sites.length > 0 ? { sites: scaled(sites, perUpload) } : {}),
  };
}

/** Sites are known from a sample: they are shown as shares of what was counted exactly. */
function scaled(sites: readonly ChurnSite[], perUpload: number): ChurnSite[] {
  return sites.map(site => ({ ...site, perUpload: site.share * perUpload }));
}

/**
 * The high-water mark, and how far the uploads in flight raised it above what was there before or was left
 * behind.
 */
export function peakOf(
  rounds: readonly JudgedRound[],
  reader: Partial<Pick<Reader, 'peakFrom'>>,
  concurrency: number,
): Hunt['peak'] {
  const readings = readingsOf(rounds);
  const peaks = readings.flatMap(({ peak }) => peak ?? []);
  const settled = readings.flatMap(({ values }) => memoryIn(values) ?? []);
  const [first, last] = [peaks[0], peaks.at(-1)];
  if (!reader.peakFrom || first === undefined || last === undefined) return null;
  const leftBehind = settled.length > 0 ? Math.max(...settled) - settled[0]! : 0;
  const inFlight = Math.max(0, last - first - leftBehind);
  return { bytes: last, perUploadInFlight: inFlight / concurrency, source: reader.peakFrom };
}

/** What leakhunt itself used, and whether it, and not the target, set the pace. */
export function selfOf(rounds: readonly Round[]): Hunt['self'] {
  const { user, system } = process.cpuUsage();
  return {
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    cpuSeconds: (user + system) / 1e6,
    ...totalEffort(rounds.flatMap(({ result }) => result?.effort ?? [])),
  };
}
