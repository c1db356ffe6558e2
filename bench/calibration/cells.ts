import { type Cell, families, onlyLeaking } from './families.js';

export const leaks = [0, 2, 4, 6, 20, 60];
export const noises = [0, 1, 6, 20];

export function cellsOf(wantedLeaks: readonly number[] = leaks): Cell[] {
  return Object.keys(families).flatMap(family =>
    wantedLeaks
      .filter(leak => leak > 0 || !onlyLeaking.includes(family))
      .flatMap(leak => noises.map(noise => ({ family, leak, noise }))),
  );
}
