import { expect, test } from 'vitest';
import type { Probe } from '../../src/probes/probe.js';
import { Profiler } from '../../src/probes/profiler.js';

/** A probe whose profile is there (true) or fails, time after time; the last for ever. */
function answering(source: Probe['source'], ...answers: boolean[]): Probe & { asked: number } {
  const probe = {
    source,
    endpoint: 'test',
    asked: 0,
    read: async () => ({ values: {} }),
    async profile() {
      const isThere = answers[Math.min(probe.asked, answers.length - 1)];
      probe.asked += 1;
      if (!isThere) throw new Error(`failed ${probe.asked}`);
      return [{ format: 'descriptors' as const, bytes: new Uint8Array() }];
    },
  };
  return probe;
}

test('a probe whose profile fails twice in a row is not asked for it again, and others are', async () => {
  const profiler = new Profiler();
  const broken = answering('pprof', true, false);
  const whole = answering('pid', true);
  for (let i = 0; i < 10; i += 1) await profiler.ask([broken, whole], 'profile');
  expect([broken.asked, whole.asked]).toEqual([3, 10]);
  expect([...profiler.failed]).toEqual([['pprof', 'failed 3']]);
});

test('a profile that fails once is made up for by the next one, and not told of', async () => {
  const profiler = new Profiler();
  const shaky = answering('pprof', true, false, true, false, true);
  const counts: number[] = [];
  for (let i = 0; i < 6; i += 1) counts.push((await profiler.ask([shaky], 'profile')).length);
  expect(counts).toEqual([1, 0, 1, 0, 1, 1]);
  expect(profiler.failed.size).toBe(0);
});

test('a probe that fails at profiles is still asked for a dump', async () => {
  const profiler = new Profiler();
  const dump = async () => [{ format: 'go-goroutine-dump' as const, bytes: new Uint8Array() }];
  const probe = { ...answering('pprof', false), dump };
  for (let i = 0; i < 3; i += 1) await profiler.ask([probe], 'profile');
  expect(await profiler.ask([probe], 'dump')).toMatchObject([
    { source: 'pprof', format: 'go-goroutine-dump' },
  ]);
});
