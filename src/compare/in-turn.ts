import { studentUpperQuantile } from '../statistics/student.js';
import type { Finding } from '../verdict/finding.js';
import { reportedTail } from '../verdict/judge/settings.js';
import type { Interval } from '../verdict/verdict.js';

/** What is known of one resource's growth. */
export interface InTurnGrowth {
  perUpload: Interval;
  verdict: Finding['verdict'];
  reason: Finding['reason'];
  /** Readings that the interval rests on. */
  readings: number;
  /** The number of different upload counts among them: fewer than three make no line. */
  steps: number;
}

/**
 * How the growth after compares with the growth before. `no-worse`: shown not to be more by the margin, and
 * perhaps less; `same`: shown to be neither more nor less by it.
 */
export type Compared = 'improvement' | 'regression' | 'same' | 'no-worse' | 'not-told-apart';

export interface GrowthComparison {
  outcome: Compared;
  /** After minus before, in the resource's unit per upload; either bound is missed at most once in forty. */
  difference: Interval;
}

export interface ComparingOptions {
  /** A smaller difference per upload counts as the same, in the resource's own unit. */
  margin: number;
  /** How many differences are looked at; each claim of more or less gets a share of the error probability. */
  comparisons: number;
}

/**
 * Compares the growth of one resource in two hunts. Growth below zero counts as none: falling memory is a
 * pool that empties, and a later hunt in which it stays has lost nothing. More or less is claimed at the tail
 * of a Bonferroni correction, and only for growth that lasts. The claim that *nothing* got worse requires it
 * of every resource, and no correction (Berger 1982, intersection-union test).
 */
export function compareGrowth(
  before: InTurnGrowth,
  after: InTurnGrowth,
  { margin, comparisons }: ComparingOptions,
): GrowthComparison {
  const at = (tail: number) => difference(grown(widened(before, tail)), grown(widened(after, tail)));
  const reported = at(reportedTail);
  const claimed = at(reportedTail / Math.max(1, comparisons));
  const outcome = (): Compared => {
    if (before.steps < 3 || after.steps < 3) return 'not-told-apart';
    if (claimed.low > margin) return lasts(after) ? 'regression' : 'not-told-apart';
    if (claimed.high < -margin && lasts(before)) return 'improvement';
    if (!(reported.high < margin)) return 'not-told-apart';
    return reported.low > -margin ? 'same' : 'no-worse';
  };
  return { outcome: outcome(), difference: reported };
}

/**
 * The difference of two independent estimates from their own intervals, which need not be symmetric: the
 * method of variance estimates recovery (Zou & Donner 2008, Statistics in Medicine 27, 1693-1702, equation
 * 8).
 */
export function difference(before: Interval, after: Interval): Interval {
  const estimate = after.estimate - before.estimate;
  return {
    estimate,
    low: estimate - Math.hypot(after.estimate - after.low, before.high - before.estimate),
    high: estimate + Math.hypot(after.high - after.estimate, before.estimate - before.low),
  };
}

/**
 * Hunts of the same target as one, each with the same weight, whatever its precision: only then does a drift
 * cancel that was as large for the outer two of four hunts as for the inner two. Intervals are combined as in
 * `difference`.
 */
export function pooled(growths: readonly InTurnGrowth[]): InTurnGrowth {
  if (growths.length === 1) return growths[0]!;
  const share = 1 / growths.length;
  const sum = (of: (growth: InTurnGrowth) => number) => growths.reduce((total, each) => total + of(each), 0);
  const estimate = sum(({ perUpload }) => perUpload.estimate * share);
  const below = Math.hypot(...growths.map(({ perUpload }) => (perUpload.estimate - perUpload.low) * share));
  const above = Math.hypot(...growths.map(({ perUpload }) => (perUpload.high - perUpload.estimate) * share));
  const first = (test: (growth: InTurnGrowth) => boolean) => growths.find(test);
  const { verdict, reason } =
    first(each => !lasts(each)) ??
    first(each => each.verdict !== 'flat') ??
    first(each => each.reason !== 'constant') ??
    growths[0]!;
  return {
    perUpload: { estimate, low: estimate - below, high: estimate + above },
    verdict,
    reason,
    readings: sum(({ readings }) => readings),
    steps: Math.min(...growths.map(({ steps }) => steps)),
  };
}

const doubts: ReadonlySet<InTurnGrowth['reason']> = new Set([
  'filled',
  'too-few-rounds',
  'still-filling',
  'may-be-filling',
  'one-step',
  'rises-late',
  'sawtooth',
  'grows-when-idle',
  'not-collected',
  'partly-read',
  'drains',
  'backlog',
  'probe-lost',
]);

/** Whether growth is expected to go on as measured, and does not fill up or come and go. */
export function lasts({ reason }: Pick<InTurnGrowth, 'reason'>): boolean {
  return !doubts.has(reason);
}

/** Parameters estimated along with the growth: where the line begins, and its noise's shape. */
const others = 3;

/**
 * The interval at a smaller `tail` than it was reported with. Its half-widths are Student's with as many
 * degrees of freedom as there are readings; for a series that never changed, they go by the logarithm of the
 * tail ("rule of three").
 */
function widened({ perUpload, reason, readings }: InTurnGrowth, tail: number): Interval {
  if (tail >= reportedTail) return perUpload;
  const freedom = Math.max(2, readings - others);
  const factor =
    reason === 'constant'
      ? Math.log(tail) / Math.log(reportedTail)
      : studentUpperQuantile(tail, freedom) / studentUpperQuantile(reportedTail, freedom);
  const { estimate, low, high } = perUpload;
  return { estimate, low: estimate - (estimate - low) * factor, high: estimate + (high - estimate) * factor };
}

function grown({ estimate, low, high }: Interval): Interval {
  return { estimate: Math.max(0, estimate), low: Math.max(0, low), high: Math.max(0, high) };
}
