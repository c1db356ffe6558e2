import type { Fit } from './fit.js';
import { transientPrice } from './fits.js';
import { studentUpperQuantile } from './student.js';

/** The fit to quote: the likeliest, each parameter at Akaike's price of 2. */
export function simplest(fits: readonly Fit[]): Fit {
  const price = ({ deviance, transient, phi }: Fit) => deviance + priceOf(transient) + (phi > 0 ? 2 : 0);
  return fits.reduce((best, each) => (price(each) < price(best) ? each : best));
}

/** A pair is two transients, and costs as much. */
function priceOf(transient: Fit['transient']): number {
  return transient === null ? 0 : transient.kind === 'pair' ? 2 * transientPrice : transientPrice;
}

/**
 * Searching many transients for the best finds one by chance; half of its price is not believed of its gain.
 */
const allowanceFor = (transient: Fit['transient']) => priceOf(transient) / 2;

/**
 * All growths that some fit makes plausible: the profile likelihood interval (Venzon & Moolgavkar 1988),
 * either bound missed with probability `tail`. With a single fit it is Student's interval. `charge` lowers
 * the least deviance of each fit.
 */
export function profileInterval(
  fits: readonly Fit[],
  tail: number,
  charge: (fit: Fit) => number = () => 0,
): { low: number; high: number } {
  const cut = plausibleUpTo(fits, tail);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const each of fits) {
    const reach = reachOf(each, cut);
    if (!(each.growth - reach <= each.ceiling)) continue;
    low = Math.min(low, Math.max(each.growth - reach, each.floor) - charge(each));
    high = Math.max(high, Math.min(each.growth + reach, each.ceiling));
  }
  return { low, high };
}

/** The least growth that one of the `alternatives` makes plausible beside the fits; infinite if none does. */
export function leastDoubted(fits: readonly Fit[], alternatives: readonly Fit[], tail: number): number {
  const cut = plausibleUpTo(fits, tail);
  return alternatives.reduce((low, each) => {
    const least = each.growth - reachOf(each, cut);
    return least <= each.ceiling ? Math.min(low, least) : low;
  }, Number.POSITIVE_INFINITY);
}

/** The deviance up to which a fit is plausible. */
function plausibleUpTo(fits: readonly Fit[], tail: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (const each of fits) {
    best = Math.min(best, each.deviance + allowanceFor(each.transient));
  }
  const { freedom } = fits[0]!;
  return best + freedom * Math.log1p(studentUpperQuantile(tail, freedom) ** 2 / freedom);
}

/** How far from its best growth a fit stays plausible; NaN if it never is. */
function reachOf({ freedom, penalty, rss, spread }: Fit, cut: number): number {
  const room = Math.exp((cut - penalty) / freedom) - rss;
  return room >= 0 ? Math.sqrt(spread * room) : Number.NaN;
}
