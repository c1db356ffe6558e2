import type { Increment } from './idle-fit.js';
import type { SeriesPoint } from './series.js';

/**
 * Readings on each side of a blank round that are averaged, and rounds on each side that show the growth in
 * them.
 */
const averaged = 3;
const neighbours = 4;
const fewestNeighbours = 4;

/**
 * The growth of a series over a blank round, from `before` to `before + 1`, with less of the readings' noise:
 * the mean of the next readings minus that of those before, each brought to the blank round by the growth of
 * the rounds around it. That growth includes uploads and idle time, so the difference is the blank round's
 * own. Undefined if too few rounds of uploads are around it.
 */
export function smoothedIncrement(points: readonly SeriesPoint[], before: number): Increment | undefined {
  const isUpload = (i: number) => points[i]?.round === 'upload' && points[i - 1] !== undefined;
  const steps = Array.from({ length: 2 * neighbours }, (_, i) =>
    i < neighbours ? before - i : before + 2 + i - neighbours,
  ).filter(isUpload);
  const uploads = steps.reduce((sum, i) => sum + points[i]!.uploads - points[i - 1]!.uploads, 0);
  if (steps.length < fewestNeighbours || uploads <= 0) return undefined;

  // The difference is a sum of readings, each with its own weight, by which their noise enters.
  const weights = new Map<number, number>();
  const add = (i: number, weight: number) => weights.set(i, (weights.get(i) ?? 0) + weight);
  const side = (start: number, direction: 1 | -1) => {
    const indices = [start];
    const next = () => indices.at(-1)! + direction;
    while (indices.length < averaged && isUpload(direction > 0 ? next() : next() + 1)) indices.push(next());
    for (const i of indices) {
      const share = direction / indices.length;
      const away = points[i]!.uploads - points[start]!.uploads;
      add(i, share);
      for (const step of steps) {
        add(step, (-share * away) / uploads);
        add(step - 1, (share * away) / uploads);
      }
    }
  };
  side(before, -1);
  side(before + 1, 1);
  const terms = [...weights];
  return {
    readings: 1,
    seconds: points[before + 1]!.seconds - points[before]!.seconds,
    value: terms.reduce((sum, [i, weight]) => sum + weight * points[i]!.value, 0),
    variance: terms.reduce((sum, [, weight]) => sum + weight ** 2, 0) / 2,
  };
}
