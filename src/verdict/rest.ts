import { isMemory } from '../probes/resource-questions.js';
import type { ResourceName } from '../probes/resources.js';
import type { Finding } from './finding.js';
import { overallVerdict } from './findings.js';
import type { Interval } from './verdict.js';

/** One resource in a rest: a time without uploads, before growth is called a leak. In the resource's unit. */
export interface RestedValues {
  /** After the last upload. */
  before: number;
  /** Some time before the end of the rest. */
  late: number;
  /** At its end. */
  after: number;
  /** What the uploads so far have added, by the estimate. */
  growth: number;
}

export interface RestOutcome {
  outcome: 'kept' | 'partly' | 'drained';
  /** The share of the growth that the rest took back; below 0 where it added more. */
  fellBack: number;
  /** Whether it was still falling at the end, fast enough to take the rest of the growth as well. */
  falling: boolean;
}

/** If it fell back by more than this share, it was not kept: the target frees it by itself. */
const most = 0.5;
/**
 * A fall by this share of the growth within a quarter of a rest removes all of it within a dozen such rests.
 */
const stillFalling = 0.02;

export function restOf({ before, late, after, growth }: RestedValues): RestOutcome {
  if (!(growth > 0)) return { outcome: 'kept', fellBack: 0, falling: false };
  const fellBack = (before - after) / growth;
  const falling = (late - after) / growth > stillFalling;
  return { outcome: fellBack > most ? 'drained' : fellBack > 0 ? 'partly' : 'kept', fellBack, falling };
}

/** A finished rest and its effect on each resource. */
export interface Rest {
  /** Seconds from the last upload on. */
  seconds: number;
  /**
   * Whether the target was at work until its end, or its own metric said that it had something left to do.
   */
  working: boolean;
  values: Partial<Record<ResourceName, RestedValues>>;
}

/** A finding after a rest. */
export interface RestedFinding extends Finding {
  /** Absent if no growth had to be looked at again. */
  rest?: { seconds: number; before: number; after: number };
}

/** The estimate of what a resource's uploads added from its first judged reading to its last. */
export function growthSoFar({ series, perUpload }: Finding): number {
  const judged = judgedPoints(series);
  if (judged.length === 0) return 0;
  return perUpload.estimate * (judged.at(-1)!.uploads - judged[0]!.uploads);
}

/**
 * The findings in the light of the rests so far. What drained once is no longer accused. A leak stands if
 * what the last rest left of it is still above the margin. Growth of memory that only a count supported is in
 * question again if that count did not stand.
 */
export function afterRests(
  findings: readonly Finding[],
  rests: readonly Rest[],
  minUploads: number,
): RestedFinding[] {
  const last = rests.at(-1);
  if (!last) return [...findings];
  const rested = findings.map(finding => {
    const drain = rests.find(rest => drains(rest, finding));
    if (drain && finding.verdict !== 'flat') return undecided(finding, drain, reasonOf(drain, finding));
    return finding.verdict === 'leak' || finding.verdict === 'suspect' ? lessRest(finding, last) : finding;
  });
  return withoutSupport(rested, findings, minUploads).map((finding, _, all) => {
    const proven = all.some(each => each.decisive && each.verdict === 'leak');
    return finding.verdict === 'leak' && !proven ? { ...finding, verdict: 'suspect' } : finding;
  });
}

function withoutSupport(
  rested: readonly RestedFinding[],
  before: readonly Finding[],
  minUploads: number,
): RestedFinding[] {
  const supports = ({ verdict, series }: Finding) => verdict === 'leak' && !isMemory(series.name);
  if (rested.some(supports) || !before.some(supports)) return [...rested];
  return rested.map(finding => {
    const uploads = judgedPoints(finding.series).at(-1)?.uploads ?? 0;
    return finding.verdict === 'leak' && uploads < minUploads
      ? { ...finding, verdict: 'inconclusive', reason: 'may-be-filling', moreUploads: minUploads - uploads }
      : finding;
  });
}

/**
 * The findings if the last uploads were broken off unanswered: the target could not rest with them in hand,
 * and a leak that survived no earlier rest is not called.
 */
export function withUploadsInHand(
  findings: readonly RestedFinding[],
  rests: readonly Rest[],
): RestedFinding[] {
  return findings.map(finding =>
    finding.verdict === 'leak' && !rests.some(({ values }) => values[finding.series.name])
      ? { ...finding, verdict: 'inconclusive', reason: 'backlog', moreUploads: undefined }
      : finding,
  );
}

/** Whether more rounds would change nothing: what drains will drain again. */
export function nothingLeftToDecide(findings: readonly Finding[]): boolean {
  return findings.every(
    ({ decisive, verdict, reason }) =>
      !decisive || verdict !== 'inconclusive' || reason === 'drains' || reason === 'backlog',
  );
}

/** Whether a leak is about to be called. */
export function accuses(findings: readonly Finding[]): boolean {
  return overallVerdict(findings) === 'leak';
}

/** Whether growth is in doubt only because too little is known about growth without uploads: a rest helps. */
export function isDoubtful({ decisive, reason, perUpload, margin }: Finding): boolean {
  return decisive && reason === 'grows-when-idle' && perUpload.estimate > margin;
}

function drains(rest: Rest, { series }: Finding): boolean {
  const values = rest.values[series.name];
  if (!values) return false;
  const { outcome, falling } = restOf(values);
  return outcome === 'drained' || falling || rest.working;
}

/**
 * What is mostly gone drains, whatever it was; what goes slowly, or not before the target is done, is a
 * backlog.
 */
function reasonOf(rest: Rest, { series }: Finding): 'drains' | 'backlog' {
  return !rest.working && restOf(rest.values[series.name]!).outcome === 'drained' ? 'drains' : 'backlog';
}

function undecided(finding: Finding, rest: Rest, reason: Finding['reason']): RestedFinding {
  return {
    ...finding,
    verdict: 'inconclusive',
    reason,
    moreUploads: undefined,
    rest: shown(finding, rest),
  };
}

function shown({ series }: Finding, { values, seconds }: Rest): RestedFinding['rest'] {
  const rested = values[series.name];
  return rested && { seconds, before: rested.before, after: rested.after };
}

/** A leak minus what the rest took back. What a rest adds by itself is judged with the blank rounds. */
function lessRest(finding: Finding, rest: Rest): RestedFinding {
  const values = rest.values[finding.series.name];
  if (!values) return finding;
  const { fellBack } = restOf(values);
  if (!(fellBack > 0)) return { ...finding, rest: shown(finding, rest) };
  const perUpload = scaled(finding.perUpload, fellBack);
  const lessened = { ...turned(finding, perUpload), rest: shown(finding, rest) };
  if (finding.verdict !== 'leak' || perUpload.low > finding.margin) return lessened;
  return { ...lessened, verdict: 'inconclusive', reason: 'near-margin' };
}

/**
 * What falls back without uploads was held for a while by all that was uploaded: it is not part of what each
 * upload leaves for good. Taking the same share off the estimate and both bounds takes it off every slope
 * that the readings allow, and keeps the interval as wide, relative to its estimate, as it was.
 */
function scaled({ estimate, low, high }: Interval, fellBack: number): Interval {
  const remains = 1 - fellBack;
  return { estimate: estimate * remains, low: low > 0 ? low * remains : low, high: high * remains };
}

/** The fitted line turned about the middle of the readings that it was fitted to. */
function turned(finding: Finding, perUpload: Interval): Finding {
  const { line, series } = finding;
  if (!line) return { ...finding, perUpload };
  const fitted = judgedPoints(series).filter(({ uploads }) => uploads >= line.from);
  const middle = fitted.reduce((sum, { uploads }) => sum + uploads, 0) / Math.max(1, fitted.length);
  const intercept = line.intercept + (finding.perUpload.estimate - perUpload.estimate) * middle;
  return { ...finding, perUpload, line: { ...line, intercept } };
}

function judgedPoints({ points }: Finding['series']): Finding['series']['points'] {
  return points.filter(({ round }) => round === 'upload' || round === 'blank');
}
