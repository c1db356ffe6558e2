import type { Finding } from './finding.js';
import { type IdleGrowth, idleGrowth, idleInAll, withoutIdleGrowth } from './idle.js';
import { type Judgement, type JudgeOptions, judge } from './judge/judge.js';
import type { SeriesPoint } from './series.js';

/** The finding for one series by itself. */
export type JudgedUploads = Pick<Finding, 'reason' | 'idle'> & Omit<Judgement, 'reason'>;

/** Readings that are judged: neither the first, cold one nor those of the warm-up. */
export function settledIn(points: readonly SeriesPoint[]): SeriesPoint[] {
  return points.filter(({ round }) => round === 'upload' || round === 'blank');
}

/** Readings that show what grows without uploads: a rest is not a round, but a long time without uploads. */
function restedIn(points: readonly SeriesPoint[]): SeriesPoint[] {
  return points.filter(({ round }) => round === 'upload' || round === 'blank' || round === 'rest');
}

/** The verdict of the settled readings after the growth that needs no uploads is subtracted. */
export function judgeUploads(points: readonly SeriesPoint[], settings: JudgeOptions): JudgedUploads {
  const settled = settledIn(points);
  const rested = restedIn(points);
  const idle = idleGrowth(rested);
  const judged = idle ? withoutIdleGrowth(settled, idle) : settled;
  const found = doubted(judge(judged, settings), settled, rested, idle, settings);
  return idle ? { ...found, idle } : found;
}

/**
 * Idle growth is itself an estimate. Its independent error widens the interval, and may undo a verdict, even
 * if nothing was subtracted because the few blank rounds showed nothing.
 */
function doubted(
  judgement: Judgement,
  settled: readonly SeriesPoint[],
  rested: readonly SeriesPoint[],
  idle: IdleGrowth | undefined,
  { margin, flatBelow = margin }: JudgeOptions,
): JudgedUploads {
  const [first, last] = [settled[0], settled.at(-1)];
  if (!first || !last || first.uploads === last.uploads) return judgement;
  const span = { readings: settled.length - 1, seconds: last.seconds - first.seconds };
  const inAll = idleInAll(rested, span);
  if (!inAll) return judgement;
  if (!idle && judgement.verdict === 'flat') return judgement;

  const uploads = last.uploads - first.uploads;
  const taken = idle ? idle.perReading.estimate * span.readings + idle.perSecond.estimate * span.seconds : 0;
  const { estimate, low, high } = judgement.perUpload;
  const perUpload = {
    estimate,
    low: estimate - Math.hypot(estimate - low, Math.max(0, inAll.high - taken) / uploads),
    high: estimate + Math.hypot(high - estimate, Math.max(0, taken - inAll.low) / uploads),
  };
  const unmade =
    (judgement.verdict === 'leak' && perUpload.low <= margin) ||
    (judgement.verdict === 'flat' && perUpload.high > flatBelow);
  return unmade
    ? { ...judgement, perUpload, verdict: 'inconclusive', reason: 'grows-when-idle' }
    : { ...judgement, perUpload };
}
