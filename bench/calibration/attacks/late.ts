import { between, whole } from '../random.js';
import { bytes, each, type Family, type Making, onlyLeaks, perRound } from './making.js';

/** Leaks that do not come with every upload. */
export const late: Record<string, Family> = {
  'starts at upload 1,200': { ...bytes, ...startingAt(1200) },
  'starts at upload 3,000': { ...bytes, ...startingAt(3000) },
  'one object per connection': { ...bytes, leaks: onlyLeaks, leaked: perConnection },
  'one in three uploads': { ...bytes, leaks: onlyLeaks, leaked: making => oneIn(3, making) },
  '50 at once every 500': { ...bytes, leaks: onlyLeaks, leaked: making => atOnce(500, making) },
};

/** A third of the run must leak before it could be seen. */
export function startingAt(start: number): Pick<Family, 'leaks' | 'leaked' | 'knowableFrom'> {
  return {
    leaks: onlyLeaks,
    leaked: making => each(making, (_, { uploads }) => making.leak * Math.max(0, uploads - start)),
    knowableFrom: () => (1.5 * start) / perRound,
  };
}

/** A round opens a connection for each of its ten lanes, and now and then one more. */
export function perConnection(making: Making): number[] {
  const usual = 10;
  const kept = (making.leak * perRound) / (usual + 1);
  let connections = 0;
  return each(making, () => {
    connections += usual + whole(making.random, 0, 2);
    return kept * connections;
  });
}

export function oneIn(few: number, making: Making): number[] {
  let kept = 0;
  let upload = 0;
  return each(making, (_, { uploads }) => {
    for (; upload < uploads; upload++) if (making.random.uniform() < 1 / few) kept++;
    return kept * few * making.leak;
  });
}

export function atOnce(uploadsBetween: number, making: Making): number[] {
  const phase = between(making.random, 0, uploadsBetween);
  return each(
    making,
    (_, { uploads }) => Math.floor((uploads + phase) / uploadsBetween) * uploadsBetween * making.leak,
  );
}
