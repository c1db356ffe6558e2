import { isPartOf, outermost, processMemory } from '../probes/resource-questions.js';
import type { Collector } from '../target/processes/collector.js';
import type { Finding } from './finding.js';
import { outgrows } from './garbage.js';
import type { JudgeOptions } from './judge/judge.js';
import { judgeUploads, settledIn } from './judge-uploads.js';
import type { SeriesPoint } from './series.js';

/**
 * The growth of a process beside its heap that retained pages do not explain. An allocator's own slack is a
 * few KiB per upload while its arenas fill, and comes to an end.
 */
export const nativeMargin = 4096;
/**
 * If it is not known how much the runtime holds, this many times as much must grow as the heap and buffers
 * explain.
 */
const unmeasuredFactor = 10;
/** The later half needs at least this many readings to show growth by itself. */
const fewestReadings = 5;

export interface NativeOptions {
  settings: JudgeOptions;
  collector?: Collector | undefined;
  /** The findings for the other resources. */
  others: readonly Finding[];
}

/**
 * Judges what a process holds beside a heap that was read and collected: it subtracts what the runtime says
 * it holds for its heap, used or not, and requires the rest to grow in the later half by itself, for as many
 * uploads as something may take to fill. A finding without such growth is returned unchanged, and stays
 * advice; if it probably grows, but not surely, the hunt goes on.
 */
export function withNative(finding: Finding, { settings, collector, others }: NativeOptions): Finding {
  const settled = settledIn(finding.series.points);
  const measured = settled.every(({ managed }) => managed !== undefined);
  const margin = Math.max(
    nativeMargin,
    finding.margin,
    explainedBy(others) * (measured ? 1 : unmeasuredFactor),
  );
  const beside = finding.series.points.map(point => ({ ...point, value: unmanaged(point) }));
  const strict = { ...settings, margin, flatBelow: undefined, provenAbove: undefined };
  const whole = judgeUploads(beside, strict);
  if (whole.verdict === 'flat' || whole.perUpload.estimate <= margin) return finding;

  const later = laterHalf(beside);
  const alone = judgeUploads(later, { ...strict, minUploads: 0 });
  const lasts = settledIn(later).length >= fewestReadings && alone.perUpload.low > margin;
  const isHeap =
    !measured && !(collector && outgrows(collector, unmanaged(settled[0]!), unmanaged(settled.at(-1)!)));
  const { line, moreUploads, ...found } = whole;
  const native = {
    ...finding,
    ...found,
    ...(line ? { line: { ...line, intercept: line.intercept + meanManaged(settled, line.from) } } : {}),
    margin,
    tolerance: undefined,
    reason: whole.perUpload.low > margin ? ('native' as const) : whole.reason,
    decisive: true,
  };
  return whole.verdict === 'leak' && lasts && !isHeap
    ? native
    : { ...native, verdict: 'inconclusive', ...(moreUploads === undefined ? {} : { moreUploads }) };
}

/** The growth of the parts of the process's memory that were read separately. */
function explainedBy(others: readonly Finding[]): number {
  const parts = others.filter(({ series: { name } }) => isPartOf(name, processMemory[0]!));
  return outermost(parts, ({ series }) => series.name).reduce(
    (sum, { perUpload }) => sum + Math.max(0, perUpload.estimate),
    0,
  );
}

function unmanaged({ value, managed = 0 }: SeriesPoint): number {
  return value - managed;
}

function laterHalf(points: readonly SeriesPoint[]): SeriesPoint[] {
  const settled = settledIn(points);
  const middle = (settled[0]!.uploads + settled.at(-1)!.uploads) / 2;
  return points.filter(({ uploads }) => uploads >= middle);
}

/** Shifts the line onto the readings, which are those of the whole process. */
function meanManaged(settled: readonly SeriesPoint[], from: number): number {
  const managed = settled.flatMap(({ uploads, managed }) => (uploads >= from ? (managed ?? 0) : []));
  return managed.reduce((sum, value) => sum + value, 0) / Math.max(1, managed.length);
}
