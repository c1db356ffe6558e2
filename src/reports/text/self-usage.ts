import type { End, Hunt, ScenarioRecord } from '../../record/record.js';
import { formatBytes, formatCount, formatSeconds } from '../../units.js';
import { isCutShort } from './advice.js';

const ends: Record<End, string> = {
  decided: 'more rounds would not have changed the verdict',
  'rounds-done': 'all rounds were done',
  'time-limit': 'the time limit was reached',
  'memory-limit': 'the target came near its limit of memory',
  'growth-limit': 'it added as much to the target as it may',
  interrupted: 'interrupted',
  'too-many-failed': 'too many uploads failed',
  'file-changed': 'a file to upload changed',
  'target-lost': 'the target was lost',
};

/** Why no further round began. */
export function endInWords(part: ScenarioRecord): string {
  const open = part.resources.some(each => isCutShort(each, part));
  return open ? 'a leak was sure' : ends[part.end];
}

/** The verdict in a word. */
export function verdictWord({ verdict, error }: Pick<ScenarioRecord, 'verdict' | 'error'>): string {
  return error ? 'not measured' : verdict;
}

/** What the hunt cost on leakhunt's side. */
export function selfInWords({ self }: Pick<Hunt, 'self'>): string {
  const { peakRssBytes, cpuSeconds, cpuShare, eventLoopDelayMs } = self;
  return [
    `${formatBytes(peakRssBytes)} of memory at most`,
    `${formatSeconds(cpuSeconds)} of CPU time`,
    ...(cpuShare === undefined ? [] : [`${formatCount(cpuShare)} cores while uploading`]),
    ...(eventLoopDelayMs === undefined ? [] : [`timers ${eventLoopDelayMs.p99.toFixed(1)} ms late (p99)`]),
  ].join(', ');
}

/** Whether the target itself set the pace; undefined if that was not observed. */
export function bottleneckInWords({ self }: Pick<Hunt, 'self'>): string | undefined {
  if (self.bottleneck === undefined) return undefined;
  return self.bottleneck
    ? 'leakhunt, not the target, set the pace: latency and uploads/s are not the target’s; the growth per upload is'
    : 'the target set the pace';
}
