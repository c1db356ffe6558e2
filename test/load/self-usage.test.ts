import { expect, test } from 'vitest';
import { type SelfUsage, totalEffort } from '../../src/load/connections/self-usage.js';
import { latencyHistogram } from '../../src/load/latency.js';
import { runRound } from '../../src/load/round.js';
import { answer, serve } from '../support/servers.js';
import { uploadTo } from '../support/upload.js';

function effort(seconds: number, cpuSeconds: number, busy: number, delays: number[] = []): SelfUsage {
  const delay = latencyHistogram();
  for (const each of delays) delay.record(each);
  return { seconds, cpuSeconds, busy, delay };
}

test('rounds are weighed by their length', () => {
  const total = totalEffort([effort(1, 0.5, 0.5, [1000]), effort(3, 3.3, 1, [2000, 9000])]);
  expect(total?.cpuShare).toBeCloseTo(3.8 / 4);
  expect(total?.eventLoopDelayMs.max).toBeCloseTo(9, 1);
});

test('leakhunt is the bottleneck where its thread hardly ever waits for the target', () => {
  expect(totalEffort([effort(1, 1, 0.95)])?.bottleneck).toBe(true);
  expect(totalEffort([effort(1, 1, 0.95), effort(1, 1, 0.3)])?.bottleneck).toBe(false);
});

test('without uploads there is nothing to say', () => {
  expect(totalEffort([])).toBeUndefined();
});

test('a round whose target takes its time leaves leakhunt waiting', async () => {
  const origin = await serve((request, response) => {
    setTimeout(() => void answer(request, response), 200);
  });
  const result = await runRound(await uploadTo(origin), 2, 1);
  expect(result.effort!.busy).toBeLessThan(0.9);
  expect(result.effort!.seconds).toBeGreaterThanOrEqual(result.seconds);
  expect(result.effort!.delay.count).toBeGreaterThan(0);
});
