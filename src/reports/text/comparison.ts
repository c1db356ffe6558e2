import type {
  Comparison,
  ComparisonOutcome,
  ResourceComparison,
  ScenarioComparison,
} from '../../compare/comparison.js';
import type { Ratio } from '../../compare/ratio.js';
import type { SideEffects } from '../../compare/side-effects.js';
import { resources } from '../../probes/resources.js';
import { formatBytes, formatCount, formatRange } from '../../units.js';
import type { Interval } from '../../verdict/verdict.js';
import { titleOf, toldOnce } from './told-once.js';
import { growthInWords, listed } from './wording.js';

/** An outcome in a word or two, for a table. */
export const outcomeWords: Record<ComparisonOutcome, string> = {
  improvement: 'better',
  regression: 'worse',
  same: 'same',
  'no-worse': 'no worse',
  'not-told-apart': 'unclear',
  'not-measured': 'not measured',
};

/** The result of the comparison, in one sentence or two. */
export function comparisonSentence({ scenarios }: Comparison): string {
  if (scenarios.length === 1) return sentenceOf(scenarios[0]!);
  return scenarios.map(each => `${each.scenario}: ${sentenceOf(each)}`).join(' ');
}

/** One scenario's outcome in words. */
export function sentenceOf(part: ScenarioComparison): string {
  if (part.outcome === 'not-measured') return `Not measured: ${part.error}`;
  const decisive = part.resources.filter(each => each.decisive);
  const by = (outcome: ComparisonOutcome) => decisive.filter(each => each.outcome === outcome);
  const better = by('improvement');
  const pace = paceInWords(part.trades);
  const speed = pace ? ` Uploads are ${pace}.` : '';
  const less = better.length > 0 ? ` Better: ${amountsOf(better)} less.` : '';
  if (part.outcome === 'regression') {
    return `Worse: each upload leaves ${amountsOf(by('regression'))} more behind than before.${less}${speed}`;
  }
  if (part.outcome === 'improvement') return `${improvedInWords(better)}.${speed}`;
  if (part.outcome === 'not-told-apart') {
    const open = by('not-told-apart').slice(0, 3);
    const doubts = open.map(each => `${resources[each.name].title} (${doubtInWords(each)})`);
    const what = doubts.length === 0 ? 'no decisive resource was read on both sides' : listed(doubts);
    return `Inconclusive: ${what}.${less}`;
  }
  return `No worse: within its margin, no decisive resource grows faster than before.${speed}`;
}

/** Flat memory is the aim of a fix; a smaller leak is a part of it. */
function improvedInWords(better: ResourceComparison[]): string {
  if (better.every(({ after }) => after.verdict === 'flat')) {
    return `Better: flat now; before, each upload left ${amountsOf(better, ({ before }) => before.perUpload)} behind`;
  }
  return `Better: each upload leaves ${amountsOf(better)} less behind than before`;
}

/**
 * `4.1 KiB of heap, 3.03 heap objects and 1 goroutine`: differences, or the amounts that `of` returns
 * instead.
 */
function amountsOf(
  all: ResourceComparison[],
  of: (each: ResourceComparison) => Interval = ({ difference }) => difference,
): string {
  const amounts = all.map(each => {
    const { estimate, low, high } = of(each);
    const perUpload =
      estimate < 0 ? { estimate: -estimate, low: -high, high: -low } : { estimate, low, high };
    return { ...each, perUpload };
  });
  return listed(toldOnce(amounts).map(each => growthInWords({ ...each, title: titleOf(each) })));
}

/** What was not ruled out, or why an observed difference is not believed. */
function doubtInWords({ difference, margin, unit, before, after }: ResourceComparison): string {
  const range = `${formatRange(difference.low, difference.high, unit)} per upload`;
  if (!(difference.low > margin)) return range;
  const why = [after, before].find(each => each.verdict === 'inconclusive');
  const side = why === after ? 'after' : 'before';
  return why ? `${range}, but "${side}" was inconclusive: ${why.reason.replaceAll('-', ' ')}` : range;
}

/** A smaller difference of latency is not worth a word, however sure it is. */
const least = 0.02;

/** What the change costs or saves, if that is sure: `10% slower`, `12% faster`. */
function paceInWords({ latencyP50 }: SideEffects): string | undefined {
  if (!latencyP50 || Math.abs(latencyP50.ratio.estimate - 1) < least) return undefined;
  const { estimate, low, high } = latencyP50.ratio;
  if (low > 1) return `${percent(estimate - 1)} slower`;
  return high < 1 ? `${percent(1 - estimate)} faster` : undefined;
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(share < 0.095 ? 1 : 0))}%`;
}

/** The label and the words of each trade-off, in the order in which they are shown. */
export function tradesInWords({
  latencyP50,
  latencyP99,
  uploadsPerSecond,
  churn,
  peak,
}: SideEffects): [string, string][] {
  const rows: [string, string | undefined][] = [
    ['Latency', latencyP50 && `p50 ${ratioInWords(latencyP50, 'ms')}`],
    ['Latency', latencyP99 && `p99 ${ratioInWords(latencyP99, 'ms')}`],
    ['Speed', uploadsPerSecond && ratioInWords(uploadsPerSecond, 'uploads/s')],
    [
      'Churn',
      churn && `${formatBytes(churn.before)} before, ${formatBytes(churn.after)} after, allocated per upload`,
    ],
    ['Peak', peak && `${formatBytes(peak.before)} before, ${formatBytes(peak.after)} after`],
  ];
  return rows.flatMap(([label, text]): [string, string][] => (text === undefined ? [] : [[label, text]]));
}

/** `12.0 ms before, 13.2 ms after: +10% (+8% to +12%)`. */
function ratioInWords({ before, after, ratio }: Ratio, unit: string): string {
  const value = (number: number) => (unit === 'ms' ? number.toFixed(1) : formatCount(number));
  const signed = (times: number) => {
    const change = 100 * (times - 1);
    return `${change > 0 ? '+' : ''}${Number(change.toFixed(Math.abs(change) < 9.5 ? 1 : 0))}%`;
  };
  const sure = ratio.low > 1 || ratio.high < 1;
  const change = sure ? signed(ratio.estimate) : 'no clear difference';
  return `${value(before)} ${unit} before, ${value(after)} ${unit} after: ${change} (${signed(ratio.low)} to ${signed(ratio.high)})`;
}
