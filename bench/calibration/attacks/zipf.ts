import { between, type Random } from '../random.js';
import { always, bytes, type Family, type Making, type Shape, shape } from './making.js';

/** The content of a cache that is asked for keys by Zipf's law: key k comes in proportion to 1 / k. */
export const zipf: Record<string, Family> = {
  'Zipf, 1,500 keys': { ...bytes, lately: true, shape: making => cache(making, 1500, 1500) },
  'Zipf, 1,000 of 6,000 kept': { ...bytes, lately: true, shape: making => cache(making, 6000, 1000) },
  'Zipf without end': {
    ...bytes,
    lately: true,
    shape: making => cache(making, 1e6, Number.POSITIVE_INFINITY),
    unknowable: always('new keys for ever: whether that is a leak no series can tell'),
  },
};

/** The cache drops the least recently used, so once full it stays full. */
function cache(making: Making, keys: number, most: number): Shape {
  const { random } = making;
  const size = between(random, 2, 4) * 1024;
  const seen = new Set<number>();
  let uploads = 0;
  return shape(making, (_, moment) => {
    for (; uploads < moment.uploads; uploads++) seen.add(keyOf(random, keys));
    return size * Math.min(seen.size, most);
  });
}

/** By inverting the continuous law with density 1 / k: what of k lies between 1 and keys + 1. */
function keyOf(random: Random, keys: number): number {
  return Math.floor((keys + 1) ** random.uniform());
}
