import { transientPrice } from './explain.js';
import type { Explanation } from './explanation.js';
import { studentUpperQuantile } from './student.js';

/** The explanation to quote: the likeliest, each parameter at Akaike's price of 2. */
export function simplest(explanations: readonly Explanation[]): Explanation {
  const price = ({ deviance, transient, phi }: Explanation) =>
    deviance + priceOf(transient) + (phi > 0 ? 2 : 0);
  return explanations.reduce((best, each) => (price(each) < price(best) ? each : best));
}

/** A pair is two transients, and costs as much. */
function priceOf(transient: Explanation['transient']): number {
  return transient === null ? 0 : transient.kind === 'pair' ? 2 * transientPrice : transientPrice;
}

/** Searching many transients for the best finds one by chance; half of its price is not believed of its gain. */
const allowanceFor = (transient: Explanation['transient']) => priceOf(transient) / 2;

/**
 * All growths that some explanation makes plausible: the profile likelihood interval (Venzon & Moolgavkar
 * 1988), either bound missed with probability `tail`. With a single explanation it is Student's interval.
 * `charge` lowers what an explanation says at least.
 */
export function plausibleGrowth(
  explanations: readonly Explanation[],
  tail: number,
  charge: (explanation: Explanation) => number = () => 0,
): { low: number; high: number } {
  const cut = plausibleUpTo(explanations, tail);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const each of explanations) {
    const reach = reachOf(each, cut);
    if (!(each.growth - reach <= each.ceiling)) continue;
    low = Math.min(low, Math.max(each.growth - reach, each.floor) - charge(each));
    high = Math.max(high, Math.min(each.growth + reach, each.ceiling));
  }
  return { low, high };
}

/** The least growth that one of the `doubts` makes plausible beside the explanations; infinite if none is. */
export function leastDoubted(
  explanations: readonly Explanation[],
  doubts: readonly Explanation[],
  tail: number,
): number {
  const cut = plausibleUpTo(explanations, tail);
  return doubts.reduce((low, each) => {
    const least = each.growth - reachOf(each, cut);
    return least <= each.ceiling ? Math.min(low, least) : low;
  }, Number.POSITIVE_INFINITY);
}

/** The deviance up to which an explanation is plausible. */
function plausibleUpTo(explanations: readonly Explanation[], tail: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (const each of explanations) {
    best = Math.min(best, each.deviance + allowanceFor(each.transient));
  }
  const { freedom } = explanations[0]!;
  return best + freedom * Math.log1p(studentUpperQuantile(tail, freedom) ** 2 / freedom);
}

/** How far from its best growth an explanation stays plausible; NaN if it never is. */
function reachOf({ freedom, penalty, rss, spread }: Explanation, cut: number): number {
  const room = Math.exp((cut - penalty) / freedom) - rss;
  return room >= 0 ? Math.sqrt(spread * room) : Number.NaN;
}
