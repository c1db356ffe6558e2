import { describe, expect, it } from 'vitest';
import { seeded } from '../../bench/calibration/random.js';
import { evened } from '../../src/statistics/evenness.js';

const count = 48;
const levels = Float64Array.from({ length: count }, (_, i) => i / count);

function residuals(seed: number, noise: (level: number) => number): Float64Array {
  const random = seeded(seed);
  return levels.map(level => noise(level) * random.normal());
}

function timesWeighted(noise: (level: number) => number): number {
  const seeds = Array.from({ length: 400 }, (_, seed) => seed);
  return seeds.filter(seed => evened(levels, residuals(seed, noise))).length;
}

describe('weights', () => {
  it('are given to even noise once in a thousand series', () => {
    expect(timesWeighted(() => 3)).toBeLessThanOrEqual(3);
  });

  it('are not given to noise that becomes less as the level rises', () => {
    expect(timesWeighted(level => 1 - 0.95 * level)).toBe(0);
  });

  it('are given three times in four to noise that grows elevenfold, and make it alike at either end', () => {
    expect(timesWeighted(level => 0.1 + level)).toBeGreaterThan(300);
    const weights = evened(
      levels,
      residuals(1, level => 0.1 + level),
    )!;
    expect(weights[0]! / weights[count - 1]!).toBeGreaterThan(3);
  });

  it('are not given where nothing is left over, nothing rises, or readings are few', () => {
    expect(evened(levels, new Float64Array(count))).toBeNull();
    expect(evened(new Float64Array(count).fill(7), levels)).toBeNull();
    expect(evened(levels.subarray(0, 8), levels.subarray(0, 8))).toBeNull();
  });
});
