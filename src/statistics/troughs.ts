import type { Readings } from './design.js';
import { median, robustScale } from './order.js';

/** A change this many robust standard deviations below the usual one is a fall: once in 30,000 of normal noise. */
const surelyFallen = 4;

/**
 * The reading after each fall of a series that falls again and again, as a heap does that is collected now and then:
 * what was not kept is gone there. A fall that takes several readings ends in one trough.
 */
export function troughsOf({ u, y, floor }: Readings): Readings {
  const changes = y.slice(1).map((value, i) => value - y[i]!);
  const usual = median([...changes]);
  const scale = Math.max(robustScale(changes.map(change => change - usual)), floor);
  const falls = (i: number) =>
    i >= 0 && i < changes.length && changes[i]! < Math.min(0, usual - surelyFallen * scale);
  const isTrough = (_: number, i: number) => falls(i - 1) && !falls(i);
  return { u: u.filter(isTrough), y: y.filter(isTrough), floor };
}
