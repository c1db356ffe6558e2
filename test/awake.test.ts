import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AwakeClock } from '../src/awake.js';

/** What the clock is made of, to be moved by hand. */
const ticks = { time: 0, uptime: 0, used: 0 };
const clock = () => new AwakeClock({ now: () => ticks.time, up: () => ticks.uptime, cpu: () => ticks.used });

function pass(ms: number, { cpu = 0, asleep = 0 } = {}): void {
  ticks.time += ms;
  ticks.uptime += ms + asleep;
  ticks.used += cpu;
}

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(ticks, { time: 5_000, uptime: 90_000, used: 10 });
});
afterEach(() => void vi.useRealTimers());

test('a process that was stopped has missed the time, and its clock stands still meanwhile', () => {
  const awake = clock();
  using _watch = awake.watch();
  pass(50, { cpu: 50 });
  expect(awake.now()).toBe(5_050);
  pass(60_000, { cpu: 2 });
  expect(awake.now()).toBe(5_150);
  expect(awake.missed).toEqual({ stopped: 59_900, asleep: 0 });
});

test('a process that was busy has missed nothing', () => {
  const awake = clock();
  using _watch = awake.watch();
  pass(8_000, { cpu: 4_000 });
  expect(awake.now()).toBe(13_000);
  pass(2_900);
  expect(awake.now()).toBe(15_900);
  expect(awake.missed).toEqual({ stopped: 0, asleep: 0 });
});

test('a machine that was asleep is told, though the clock of its processes was asleep as well', () => {
  const awake = clock();
  using _watch = awake.watch();
  pass(100, { asleep: 3_600_000 });
  expect(awake.missed).toEqual({ stopped: 0, asleep: 3_600_000 });
  pass(100);
  expect(awake.missed).toEqual({ stopped: 0, asleep: 3_600_000 });
  expect(awake.now()).toBe(5_200);
});

test('nobody misses what nobody watches, nor what was before', () => {
  const awake = clock();
  pass(60_000);
  expect(awake.now()).toBe(65_000);
  using _first = awake.watch();
  using _second = awake.watch();
  expect(awake.missed).toEqual({ stopped: 0, asleep: 0 });
});
