import { expect, test } from 'vitest';
import { leakingProbes, snapshotRounds } from '../../src/hunt/snapshot-plan.js';
import type { SnapshotProbe } from '../../src/probes/reader.js';
import type { Reading } from '../../src/probes/reading.js';

test.each([
  ['quick ones have three rounds between them', 1, 600, 3],
  ['slower ones two, which is the least', 20, 600, 2],
  ['those that would keep the target from work for minutes are not taken', 25, 600, 0],
  ['nor those that there is no time left for', 5, 14, 0],
  ['a source that knows nothing of it is believed to be quick', 0, 600, 3],
])('%s', (_, seconds, left, rounds) => {
  expect(snapshotRounds(seconds, left)).toBe(rounds);
});

const probe = (endpoint: string): SnapshotProbe => ({
  source: 'inspector',
  endpoint,
  read: async () => ({ values: {} }),
  async *snapshot() {},
});
const reading = (uploads: number, primary: number, ...workers: number[]): Reading => ({
  kind: 'upload',
  uploads,
  seconds: uploads,
  values: {},
  replicas: Object.fromEntries(
    [primary, ...workers].map((heap, i) => [`ws://127.0.0.1:${9229 + i}`, { heap }]),
  ),
});

test('of a cluster the workers that keep something are asked, and not the primary', () => {
  const probes = [9229, 9230, 9231].map(port => probe(`ws://127.0.0.1:${port}`));
  const readings = [reading(0, 5e6, 5e6, 5e6), reading(1000, 5.01e6, 8e6, 7e6)];
  expect(leakingProbes(probes, readings, ['heap']).map(({ endpoint }) => endpoint)).toEqual([
    'ws://127.0.0.1:9230',
    'ws://127.0.0.1:9231',
  ]);
});

test('of one process it is that one, whatever it grew by', () => {
  expect(leakingProbes([probe('ws://127.0.0.1:9229')], [], ['heap'])).toHaveLength(1);
});
