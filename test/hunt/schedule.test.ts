import { describe, expect, test } from 'vitest';
import { schedule } from '../../src/hunt/schedule.js';
import { looks } from '../../src/verdict/looks.js';

const count = (steps: { kind: string }[], kind: string) => steps.filter(step => step.kind === kind).length;

describe('the schedule', () => {
  test('reads once before the first upload, warms up, and shows the idle target before it begins', () => {
    const kinds = [...schedule({ warmUpRounds: 2, rounds: 3, maxRounds: 96, sizes: 1 })].map(
      ({ kind }) => kind,
    );
    expect(kinds.slice(0, 6)).toEqual(['start', 'warm-up', 'warm-up', 'blank', 'blank', 'blank']);
  });

  test('of a fixed number of rounds holds just so many, and is judged at the end alone', () => {
    const steps = [...schedule({ warmUpRounds: 2, rounds: 10, maxRounds: 96, sizes: 1 })];
    expect(count(steps, 'upload')).toBe(10);
    expect(steps.filter(({ look }) => look)).toEqual([steps.at(-1)]);
    expect(steps.at(-1)).toMatchObject({ kind: 'upload', round: 10 });
  });

  test('of auto is judged at every look up to the last round', () => {
    const rounds = (most: number) =>
      [...schedule({ warmUpRounds: 2, rounds: 'auto', maxRounds: most, sizes: 1 })]
        .filter(({ look }) => look)
        .map(({ round }) => round);
    expect(rounds(96)).toEqual(looks);
    expect(rounds(30)).toEqual([8, 16, 24, 30]);
  });

  test('has long and short blank rounds before the first look, and further ones between the looks', () => {
    const steps = [...schedule({ warmUpRounds: 2, rounds: 'auto', maxRounds: 96, sizes: 1 })];
    const first = steps.slice(
      0,
      steps.findIndex(({ look }) => look),
    );
    expect(first.filter(({ blank }) => blank === 'short').length).toBeGreaterThanOrEqual(2);
    expect(first.filter(({ blank }) => blank === 'long').length).toBeGreaterThanOrEqual(3);
    expect(count(steps, 'blank')).toBeGreaterThan(count(first, 'blank') + 3);
  });

  test('of several sizes has them take turns, there and back, and is judged where each had as many', () => {
    const steps = [...schedule({ warmUpRounds: 1, rounds: 'auto', maxRounds: 10, sizes: 3 })];
    const uploads = steps.filter(({ kind }) => kind === 'upload');
    expect(uploads.map(({ size }) => size)).toEqual([0, 1, 2, 2, 1, 0, 0, 1, 2, 2, 1, 0]);
    expect(uploads.filter(({ balanced }) => balanced).map(({ round }) => round)).toEqual([3, 6, 9, 12]);
    expect(uploads.filter(({ look }) => look).map(({ round }) => round)).toEqual([9, 12]);
  });
});
