import type { Observations } from './design.js';
import { lowerScale, median, robustScale } from './order.js';

/**
 * A change this many robust standard deviations below the usual one is a fall: once in 30,000 for normal
 * noise.
 */
const surelyFallen = 4;

/**
 * A series that falls again and again, as a heap does that is collected now and then, from its first fall on.
 */
export interface Teeth {
  /** The number of the first reading that is left. */
  start: number;
  falls: number;
  /** How far each reading is from the fall before it, in the units of `u`. */
  since: Float64Array;
  /** How far a reading may be off, because a fall may have happened at any time between two. */
  blur: number;
}

/** A fall over several readings counts once. */
export function teethOf({ u, y, floor }: Observations): Teeth {
  const changes = y.slice(1).map((value, i) => value - y[i]!);
  const usual = median(changes);
  const bends = changes.slice(1).map((change, i) => change - changes[i]!);
  // A bend has the noise of three changes; at a fall two of them are wild. It does not mind that teeth become
  // steeper.
  const noise = Math.min(
    robustScale(changes.map(change => change - usual)),
    lowerScale(bends) / Math.sqrt(3),
  );
  const scale = Math.max(noise, floor);
  const falls = (i: number) =>
    i >= 0 && i < changes.length && changes[i]! < Math.min(0, usual - surelyFallen * scale);
  const troughs = Array.from(u.keys()).filter(i => falls(i - 1) && !falls(i));
  const start = troughs[0] ?? u.length;
  const lastTrough = (i: number) => troughs.findLast(each => each <= i)!;
  const since = u.slice(start).map((at, i) => at - u[lastTrough(start + i)]!);
  return { start, falls: troughs.length, since, blur: Math.abs(usual) };
}
