import type { Making, Shape } from './making.js';

/** A hunt that has found a leak rests at least this long. */
const shortestRest = 5;

/**
 * Whether a leak found after reading `at` outlives the rest: a hunt waits, without uploads, as long as the uploads
 * so far took, and takes the leak back where half of the growth or more is gone by then.
 */
export function outlivesRest({ moments, leak }: Making, { values, afterRest }: Shape, at: number): boolean {
  if (!afterRest) return true;
  const leaked = leak * (moments[at]!.uploads - moments[0]!.uploads);
  const grown = values[at]! - values[0]! + leaked;
  const rest = Math.max(shortestRest, moments[at]!.seconds - moments[0]!.seconds);
  return afterRest(at, rest) - values[0]! + leaked > grown / 2;
}
