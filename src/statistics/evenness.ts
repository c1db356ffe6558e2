import { orthogonal, orthonormal, product } from './columns.js';
import { median } from './order.js';
import { studentUpperQuantile } from './student.js';

/**
 * Noise is taken to grow with the level if as much would be seen once in this many series with even noise.
 */
const falseUnevenness = 0.001;

/** Noise below this share of the usual one is not believed: a reading would get too much weight. */
const leastNoise = 1 / 4;

/** Fewer readings than this say little about their noise. */
const fewest = 16;

/**
 * The factor for each reading that makes all noise equal, if it is seen to grow with the level: the
 * residuals' sizes lie along a line that rises with it (Glejser 1969). Null if it does not.
 */
export function evened(levels: Float64Array, residuals: Float64Array): Float64Array | null {
  const count = levels.length;
  if (count < fewest) return null;
  const sizes = residuals.map(Math.abs);
  const constant = orthonormal([new Float64Array(count).fill(1)]);
  const level = orthogonal(levels, constant);
  const squares = product(level, level);
  if (!(squares > 0)) return null;
  const slope = product(level, sizes) / squares;
  const rest = orthogonal(sizes, constant).map((size, i) => size - slope * level[i]!);
  const error = Math.sqrt(product(rest, rest) / (count - 2) / squares);
  if (!(slope > error * studentUpperQuantile(falseUnevenness, count - 2))) return null;
  const mean = product(sizes, new Float64Array(count).fill(1 / count));
  const noise = level.map(above => Math.max(mean + slope * above, leastNoise * mean));
  const usual = median(noise);
  return noise.map(each => usual / each);
}
