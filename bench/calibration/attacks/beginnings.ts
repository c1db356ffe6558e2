import { between } from '../random.js';
import { bytes, type Family, logBetween, type Making, type Shape, shape } from './making.js';
import { independent } from './noise.js';

/** What only the first readings have. */
export const beginnings: Record<string, Family> = {
  'first three readings low': { ...bytes, shape: lowAtFirst },
  'compiled code flushed': { ...bytes, asHunt: true, shape: flushed, noise: quiet },
};

function lowAtFirst(making: Making): Shape {
  const depths = [1, 2, 3].map(() => logBetween(making.random, 3, 300) * making.unit);
  return shape(making, (_, __, index) => -(depths[index] ?? 0));
}

/**
 * V8 drops compiled code that is not used: the heap falls by 4 to 12 U over the blank rounds at the beginning
 * and the first few rounds of uploads, so that a leak does not show in them.
 */
function flushed(making: Making): Shape {
  const { random, unit } = making;
  const height = between(random, 4, 12) * unit;
  const start = making.moments.findIndex(({ kind }) => kind === 'blank');
  const last = start + between(random, 3, 7);
  const gone = making.moments.map(() => random.uniform());
  const total = gone.reduce((sum, share, i) => sum + (i > start && i < last ? share : 0), 0);
  let left = height;
  return shape(making, (_, __, i) => {
    if (i > start && i < last) left -= (height * gone[i]!) / total;
    return left - (i < start ? (start - i) * 10 * unit : 0);
  });
}

/** A V8 heap after collection: a quarter of what others have. */
function quiet(making: Making): number[] {
  return independent({ ...making, sd: making.sd / 4 });
}
