import { restOf } from '../../../src/verdict/rest.js';
import type { SeriesPoint } from '../../../src/verdict/series.js';
import { readingSeconds } from './making.js';
import type { Simulated } from './simulate.js';

/**
 * A hunt rests for as long as its uploads took, but from 5 to 30 s: six readings at once, six more in the
 * rest.
 */
const shortest = 5;
const longest = 30;
const atOnce = 6;
const spread = 6;

/** The readings of a rest that a hunt takes after reading `at`. */
export function restAfter({ making, shape, beside }: Simulated, at: number): SeriesPoint[] {
  const { moments, random, sd } = making;
  const { uploads, seconds: start } = moments[at]!;
  const rest = lengthOfRest(start - moments[0]!.seconds);
  return Array.from({ length: atOnce + spread }, (_, i) => {
    const seconds = i < atOnce ? readingSeconds * (i + 1) : (rest * (i + 1 - atOnce)) / spread;
    const shaped = shape.afterRest?.(at, seconds, i + 1) ?? shape.values[at]!;
    const value = Math.round(beside[at]! + shaped + sd * random.normal());
    return { uploads, value, round: 'rest', seconds: start + seconds };
  });
}

/** Whether a leak found after reading `at` outlives the rest, by the rule that hunts go by. */
export function outlivesRest({ making: { moments }, shape, beside }: Simulated, at: number): boolean {
  const { afterRest, values } = shape;
  if (!afterRest) return true;
  const rest = lengthOfRest(moments[at]!.seconds - moments[0]!.seconds);
  const [late, after] = [0.75, 1].map(part => afterRest(at, part * rest, atOnce + spread));
  const growth = beside[at]! + values[at]! - beside[0]! - values[0]!;
  const { outcome, falling } = restOf({ before: values[at]!, late: late!, after: after!, growth });
  return outcome !== 'drained' && !falling;
}

function lengthOfRest(uploading: number): number {
  return Math.min(Math.max(uploading, shortest), longest);
}
