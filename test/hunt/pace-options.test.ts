import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { planHunt } from '../../src/hunt/plan.js';

const url = 'http://localhost:8000/upload';

test('a duration stands in place of a number of uploads, and leaves the connections to -c', () => {
  expect(planHunt({ url, duration: 5, concurrency: 500 })).toMatchObject({ duration: 5, concurrency: 500 });
  expect(() => planHunt({ url, duration: 5, uploadsPerRound: 100 })).toThrow(
    '--duration 5 and -n 100 both set the end of a round: use only one of them.',
  );
});

test.each(['rate', 'thinkTime', 'duration'] as const)('a %s of nothing is refused', name => {
  expect(() => planHunt({ url, [name]: 0 })).toThrow('0 is out of range: give a number above 0.');
});

test('auto leaves one core to the target', () => {
  expect(planHunt({ url }).workers).toBe(1);
  expect(planHunt({ url, workers: 'auto' }).workers).toBe(Math.max(1, availableParallelism() - 1));
  expect(() => planHunt({ url, workers: 0 })).toThrow('--workers 0 is out of range');
});

test('HTTP/2 shares a connection: asking for one per upload as well is refused', () => {
  expect(() => planHunt({ url, http2: true, keepAlive: false })).toThrow('use only one of them');
});
