import { sources } from '../probes/catalogue.js';
import type { SourceName } from '../probes/probe.js';
import {
  isHeap,
  isMemory,
  isPartOf,
  isProcessMemory,
  processMemory,
  resolutionOf,
} from '../probes/resource-questions.js';
import { type ResourceName, resources } from '../probes/resources.js';
import type { Finding } from './finding.js';
import { type Collecting, withoutGarbage } from './garbage.js';
import type { JudgeOptions } from './judge/judge.js';
import { judgeUploads } from './judge-uploads.js';
import { leastChunk, type Margins } from './margins.js';
import { nativeMargin, withNative } from './native.js';
import { asOneHeap } from './one-heap.js';
import type { Series } from './series.js';
import type { Verdict } from './verdict.js';

export interface JudgingOptions extends Collecting {
  margins: Margins;
  /** For resources that are called flat below another growth than the margin: that growth. */
  tolerances?: Partial<Margins>;
  /** Growth of memory that no count supports is not called a leak before this many uploads. */
  minUploads: number;
  /** How often the series may be judged before the hunt ends. */
  looks: number;
  /** How many processes the target consists of, and of how many the heap was read (default: one). */
  processes: number;
  heaps?: number;
  /** Sources that read some of the target's processes, but not all that they could. */
  partlyRead?: ReadonlySet<SourceName>;
}

/** Judges every series, each in the light of the others. */
export function findingsOf(all: readonly Series[], options: JudgingOptions): Finding[] {
  const exactHeap =
    options.processes <= (options.heaps ?? 1) &&
    all.some(({ name, source }) => isHeap(name) && sources[source]?.collects);
  const settingsFor = ({ name }: Series, minUploads: number): JudgeOptions => ({
    ...thresholdsFor(name, exactHeap, options),
    minUploads,
    looks: options.looks,
    resources: all.length,
    resolution: resolutionOf(name),
  });
  const judgeOne = (series: Series, minUploads: number): Finding => {
    const settings = settingsFor(series, minUploads);
    const { margin, flatBelow } = settings;
    return {
      ...judgeUploads(series.points, settings),
      series,
      margin,
      ...(flatBelow === undefined ? {} : { tolerance: flatBelow }),
      decisive: !isAdvice(series.name, exactHeap, all, options),
    };
  };

  const alone = all.map(series => judgeOne(series, isMemory(series.name) ? options.minUploads : 0));
  const supported = alone.some(({ series, verdict }) => verdict === 'leak' && !isMemory(series.name));
  const judged = alone
    .map(finding =>
      supported && finding.reason === 'may-be-filling' ? judgeOne(finding.series, 0) : finding,
    )
    .map((finding, _, others) => {
      const { series } = finding;
      if (!exactHeap) return withoutGarbage(finding, options);
      if (series !== processMemoryIn(all)) return finding;
      const settings = settingsFor(series, options.minUploads);
      return withNative(finding, { settings, collector: options.collector, others });
    })
    .map((finding, _, others) => asOneHeap(finding, others))
    .map(finding => (options.partlyRead?.has(finding.series.source) ? withUnread(finding) : finding));
  const proven = judged.some(each => each.decisive && each.verdict === 'leak');
  return judged.map(finding =>
    finding.verdict === 'leak' && !finding.decisive && !proven
      ? { ...finding, verdict: 'suspect' as const }
      : finding,
  );
}

/**
 * What some processes keep is a leak whatever the others do; that they keep nothing says nothing about the
 * others.
 */
function withUnread(finding: Finding): Finding {
  if (finding.verdict !== 'flat') return finding;
  const { moreUploads, ...found } = finding;
  return { ...found, verdict: 'inconclusive', reason: 'partly-read' };
}

/**
 * Without a heap, process memory is judged finely, but called flat more coarsely; beside a heap, only for the
 * rest of it.
 */
function thresholdsFor(
  name: ResourceName,
  exactHeap: boolean,
  { margins, tolerances }: JudgingOptions,
): Pick<JudgeOptions, 'margin' | 'flatBelow' | 'provenAbove'> {
  const margin = margins[name];
  const tolerance = tolerances?.[name];
  if (tolerance === undefined) return { margin };
  if (exactHeap && isProcessMemory(name)) return { margin: nativeMargin };
  return { margin, flatBelow: tolerance, provenAbove: leastChunk };
}

/** Whether a resource proves nothing by itself: another one that was read shows the same better. */
function isAdvice(
  name: ResourceName,
  exactHeap: boolean,
  all: readonly Series[],
  { collector }: JudgingOptions,
): boolean {
  const { name: deciding, points } = processMemoryIn(all) ?? {};
  const { advisory } = resources[name];
  if (exactHeap && advisory === 'beside-heap') return true;
  // The heap of ZGC is shared memory, and the only one whose place in memory is not known.
  const unplaced = points?.some(({ managed }) => managed === undefined) ?? false;
  if (exactHeap && advisory === 'around-heap') return collector?.runtime === 'java' && unplaced;
  // The rest of resident memory is pages of files, which the kernel reclaims at its own pace, and shared
  // memory.
  return deciding !== undefined && isPartOf(deciding, name);
}

/** Anonymous memory if it is read, else resident memory, which includes pages of files. */
function processMemoryIn(all: readonly Series[]): Series | undefined {
  const known = processMemory.find(each => all.some(({ name }) => name === each));
  return all.find(({ name }) => name === known);
}

/** The hunt's verdict: a leak anywhere is a leak; flat only if everything that counts is shown to be flat. */
export function overallVerdict(findings: readonly Finding[]): Verdict {
  const decisive = findings.filter(finding => finding.decisive);
  if (decisive.some(finding => finding.verdict === 'leak')) return 'leak';
  return decisive.length > 0 && decisive.every(finding => finding.verdict === 'flat')
    ? 'flat'
    : 'inconclusive';
}

/** Whether more rounds would change nothing. */
export function allDecided(findings: readonly Finding[]): boolean {
  return findings.every(
    ({ decisive, verdict, reason }) => !decisive || verdict !== 'inconclusive' || reason === 'partly-read',
  );
}
