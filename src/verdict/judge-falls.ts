import type { Step } from '../statistics/exceptions.js';
import type { Explanation } from '../statistics/explanation.js';

/** Growth this many times as high as a fall, without another, is not a tooth of a saw. */
const outgrown = 1.5;

/**
 * What falls took back, from position `from` on: a leak must outgrow it. Where growth was never left
 * alone for long enough to outgrow the highest fall, the next one may be about to come, and counts too.
 */
export function fallen(steps: readonly Step[], growth: number, from = 0): number {
  const falls = steps.filter(({ height }) => height < 0).sort((a, b) => a.at - b.at);
  const highest = Math.max(0, ...falls.map(({ height }) => -height));
  const taken = falls.filter(({ at }) => at > from).reduce((sum, { height }) => sum - height, 0);
  const ends = [...falls.map(({ at }) => at), 1];
  const longest = Math.max(...ends.map((end, i) => end - (ends[i - 1] ?? 0)));
  return taken + (growth * longest >= outgrown * highest ? 0 : highest);
}

/** The same for a fall that is an explanation's transient. */
export function fallenBy({ transient, rise, growth }: Explanation): number {
  return transient?.kind === 'step' ? fallen([{ at: transient.at, height: rise }], growth) : 0;
}
