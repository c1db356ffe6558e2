import type { SourceName } from '../probes/probe.js';
import { type ResourceName, resourceNames, resources } from '../probes/resources.js';
import type { Series } from '../series/series.js';
import { type IdleGrowth, idleGrowth, withoutIdleGrowth } from './idle.js';
import { type Judgement, type JudgeOptions, judge, type Reason } from './judge.js';
import type { Margins } from './margins.js';
import type { Point, Verdict } from './types.js';

/** Reasons that only the rest of the hunt can give. */
export type ReasonInContext =
  /** Growth without uploads is too large, or too poorly known, to tell theirs from it. */
  | 'grows-when-idle'
  /** Memory of the process grows by far more than its heap. */
  | 'native'
  /** Memory of a process that collects garbage, whose heap was not read: it may be garbage. */
  | 'not-collected'
  /** Most of the growth was gone after a rest without uploads. */
  | 'drains'
  /** The target was still at work on the uploads during the rest. */
  | 'backlog'
  /** Its probe stopped answering before it was decided. */
  | 'probe-lost';

/** What is found of one resource. `suspect`: it grows, but it is no proof beside an exact heap that does not. */
export interface Finding extends Omit<Judgement, 'verdict' | 'reason'> {
  series: Series;
  margin: number;
  verdict: Verdict | 'suspect';
  reason: Reason | ReasonInContext;
  /** Whether the overall verdict rests on it. */
  decisive: boolean;
  /** Growth without uploads, already taken out of `perUpload`; absent where none was seen. */
  idle?: IdleGrowth;
  /** A rest after the last upload: how long it was, and the value before and after it, in the resource's unit. */
  rest?: { seconds: number; before: number; after: number };
}

export interface JudgingOptions {
  margins: Margins;
  /** Growth of memory that no count supports is not called a leak before so many uploads. */
  minUploads: number;
  /** How often the series may be judged before the hunt ends. */
  looks: number;
  /** Of how many processes the target consists: an exact heap is that of one of them. */
  processes: number;
}

/** Sources that read the heap after a forced collection. */
const exactSources: ReadonlySet<SourceName> = new Set(['pprof', 'inspector', 'jcmd']);
/** Allocators and the kernel keep pages: these grow without a leak. */
const advisory: ReadonlySet<ResourceName> = new Set(['rss', 'anon', 'stack']);
/** Things that may be a cache's content; what grows beside them tells whether it is one. */
export const memory: ReadonlySet<ResourceName> = new Set([
  'heap',
  'heap-objects',
  'array-buffers',
  'external',
  'direct-buffers',
  'stack',
  'shmem',
  'anon',
  'rss',
]);

/** The smallest change that a reading can show; the kernel counts memory in pages. */
const resolutions: Partial<Record<ResourceName, number>> = Object.fromEntries([
  ...resourceNames.filter(name => resources[name].unit === 'count').map(name => [name, 1]),
  ['rss', 4096],
  ['anon', 4096],
  ['shmem', 4096],
]);

/** Judges every series, each in the light of the others. */
export function findingsOf(all: readonly Series[], options: JudgingOptions): Finding[] {
  const exactHeap =
    options.processes === 1 && all.some(({ name, source }) => name === 'heap' && exactSources.has(source));
  const judgeOne = (series: Series, minUploads: number): Finding => {
    const { name } = series;
    const settings = {
      margin: options.margins[name],
      minUploads,
      looks: options.looks,
      resources: all.length,
      resolution: resolutions[name],
    };
    return {
      ...judgeIdle(series, settings),
      series,
      margin: settings.margin,
      decisive: !(exactHeap && advisory.has(name)),
    };
  };

  const findings = all.map(series => judgeOne(series, memory.has(series.name) ? options.minUploads : 0));
  const supported = findings.some(({ series, verdict }) => verdict === 'leak' && !memory.has(series.name));
  return findings
    .map(finding =>
      supported && finding.reason === 'may-be-filling' ? judgeOne(finding.series, 0) : finding,
    )
    .map((finding, _, judged) => {
      const proven = judged.some(each => each.decisive && each.verdict === 'leak');
      const isSuspect = finding.verdict === 'leak' && !finding.decisive && exactHeap && !proven;
      return isSuspect ? { ...finding, verdict: 'suspect' as const } : finding;
    });
}

/** The hunt's verdict: a leak anywhere is a leak; flat only where everything that counts is shown to be flat. */
export function overallVerdict(findings: readonly Finding[]): Verdict {
  const decisive = findings.filter(finding => finding.decisive);
  if (decisive.some(finding => finding.verdict === 'leak')) return 'leak';
  return decisive.length > 0 && decisive.every(finding => finding.verdict === 'flat')
    ? 'flat'
    : 'inconclusive';
}

/** Whether more rounds would change nothing. */
export function allDecided(findings: readonly Finding[]): boolean {
  return findings.every(finding => !finding.decisive || finding.verdict !== 'inconclusive');
}

/** The verdict of a series once the growth that needs no uploads is taken out. */
function judgeIdle(series: Series, settings: JudgeOptions): Omit<Finding, 'series' | 'margin' | 'decisive'> {
  const settled = series.points.filter(({ round }) => round === 'upload' || round === 'blank');
  const idle = idleGrowth(settled);
  if (!idle) return judge(settled, settings);
  const points = withoutIdleGrowth(settled, idle);
  return { ...doubted(judge(points, settings), points, idle, settings.margin), idle };
}

/** What was taken off for idle growth is itself an estimate: its error widens the interval and may unmake a verdict. */
function doubted(
  judgement: Judgement,
  points: readonly Point[],
  idle: IdleGrowth,
  margin: number,
): Omit<Finding, 'series' | 'margin' | 'decisive'> {
  const uploads = points.at(-1)!.uploads - points[0]!.uploads;
  if (uploads === 0) return judgement;
  const doubt = (((idle.perBlankRound.high - idle.perBlankRound.low) / 2) * (points.length - 1)) / uploads;
  const { estimate, low, high } = judgement.perUpload;
  const perUpload = { estimate, low: low - doubt, high: high + doubt };
  const unmade =
    (judgement.verdict === 'leak' && perUpload.low <= margin) ||
    (judgement.verdict === 'flat' && perUpload.high > margin);
  return unmade
    ? { ...judgement, perUpload, verdict: 'inconclusive', reason: 'grows-when-idle' }
    : { ...judgement, perUpload };
}
