import type { End, Hunt, ScenarioRecord } from '../../record/record.js';
import { formatBytes, formatCount, formatSeconds } from '../../units.js';
import { isCutShort } from './advice.js';

const ends: Record<End, string> = {
  decided: 'the verdict was reached',
  'rounds-done': 'all rounds were completed',
  'time-limit': 'the time limit was reached',
  'memory-limit': 'another round could have exhausted the memory of this machine',
  'growth-limit': 'the target grew as much as --max-memory and --max-disk allow',
  interrupted: 'interrupted',
  'too-many-failed': 'too many uploads failed',
  'file-changed': 'a file being uploaded changed',
  'target-lost': 'the target was lost',
};

/** Why no further round was started. */
export function endInWords(part: ScenarioRecord): string {
  const open = part.resources.some(each => isCutShort(each, part));
  return open ? 'a leak was certain' : ends[part.end];
}

/** The verdict in a word. */
export function verdictWord({ verdict, error }: Pick<ScenarioRecord, 'verdict' | 'error'>): string {
  return error ? 'not measured' : verdict;
}

/** What the hunt cost on leakhunt's side. */
export function selfInWords({ self }: Pick<Hunt, 'self'>): string {
  const { peakRssBytes, cpuSeconds, cpuShare, eventLoopDelayMs } = self;
  return [
    `peak memory ${formatBytes(peakRssBytes)}`,
    `${formatSeconds(cpuSeconds)} of CPU time`,
    ...(cpuShare === undefined ? [] : [`${formatCount(cpuShare)} CPU cores while uploading`]),
    ...(eventLoopDelayMs === undefined ? [] : [`event-loop delay p99 ${eventLoopDelayMs.p99.toFixed(1)} ms`]),
  ].join(', ');
}

/** Whether leakhunt held the uploads back; undefined where that was not observed. */
export function bottleneckInWords({ self }: Pick<Hunt, 'self'>): string | undefined {
  if (self.bottleneck === undefined) return undefined;
  return self.bottleneck
    ? "leakhunt was the bottleneck: rate and latency are leakhunt's own; growth per upload is unaffected"
    : 'leakhunt was not the bottleneck';
}
