import { between, type Random, whole } from '../random.js';
import { always, bytes, type Family, type Making, recurring, type Shape, shape } from './making.js';

/** Memory that is taken in a few large pieces. */
export const arenas: Record<string, Family> = {
  'arenas at random': { ...bytes, shape: atRandom },
  'arenas every 6 rounds': {
    ...bytes,
    shape: every6,
    unknowable: always('the same as a leak that shows in lumps, until the lumps cease'),
  },
  'arenas that shrink': { ...bytes, shape: shrinking },
  'two lookup tables': { ...bytes, shape: lookupTables },
};

interface Piece {
  from: number;
  height: number;
}

function pieces(making: Making, all: readonly Piece[]): Shape {
  return shape(making, round =>
    all.reduce((sum, { from, height }) => sum + (round >= from ? height * making.unit : 0), 0),
  );
}

function atRandom(making: Making): Shape {
  const { random } = making;
  const all = Array.from({ length: whole(random, 3, 8) }, () => ({
    from: exponential(random, 15),
    height: between(random, 4, 60),
  }));
  return pieces(making, all);
}

function every6(making: Making): Shape {
  const { random } = making;
  const height = between(random, 4, 60);
  const rounds = recurring(random, 5, 7).slice(0, whole(random, 3, 8));
  return pieces(
    making,
    rounds.map(from => ({ from, height })),
  );
}

function shrinking(making: Making): Shape {
  const { random } = making;
  const highest = between(random, 4, 60);
  return pieces(
    making,
    recurring(random, 3, 7).map((from, i) => ({ from, height: highest * 0.7 ** i })),
  );
}

function lookupTables(making: Making): Shape {
  const { random } = making;
  return pieces(
    making,
    [3, 4].map(from => ({ from, height: 30 * between(random, 1, 8) })),
  );
}

function exponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random.uniform());
}
