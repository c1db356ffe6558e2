import { describe, expect, it } from 'vitest';
import { removeOutliers } from '../../src/statistics/outliers.js';

/** Small repeatable noise that is neither a line nor a wave. */
const noise = (i: number) => Math.sin(i * i * 1.7) / 100;

function readings(count: number, value: (i: number) => number) {
  const u = Float64Array.from({ length: count }, (_, i) => i / (count - 1));
  return { u, y: u.map((_, i) => value(i)), floor: 1e-9 };
}

const lineOnly = { transients: [] };

describe('exceptions', () => {
  it('finds a fall in a growing series, its place and its height', () => {
    const { steps, spikes } = removeOutliers(
      readings(48, i => i / 47 + noise(i) - (i >= 20 ? 0.5 : 0)),
      lineOnly,
    );
    expect(steps).toEqual([{ at: expect.closeTo(20 / 47, 9), height: expect.closeTo(-0.5, 1) }]);
    expect(spikes).toBe(0);
  });

  it('takes out a wild reading and leaves its neighbours', () => {
    const {
      readings: kept,
      steps,
      spikes,
    } = removeOutliers(
      readings(48, i => i / 47 + noise(i) + (i === 30 ? 1 : 0)),
      lineOnly,
    );
    expect(spikes).toBe(1);
    expect(steps).toEqual([]);
    expect([...kept.u]).not.toContain(30 / 47);
    expect(kept.u).toHaveLength(47);
  });

  it('takes out a level of two readings that does not last, and calls it no step', () => {
    const {
      readings: kept,
      steps,
      spikes,
    } = removeOutliers(
      readings(48, i => i / 47 + noise(i) + (i === 30 || i === 31 ? 1 : 0)),
      lineOnly,
    );
    expect(spikes).toBe(2);
    expect(steps).toEqual([]);
    expect(kept.u).toHaveLength(46);
  });

  it('does not call a series that always jumps exceptional', () => {
    const { steps } = removeOutliers(
      readings(96, i => (i % 6) / 6 + noise(i)),
      lineOnly,
    );
    expect(steps).toEqual([]);
  });

  it('keeps no step whose readings on one side were all taken out', () => {
    const first = [-3, -1, -2];
    const { readings: kept, steps } = removeOutliers(
      readings(24, i => (first[i] ?? 0) + noise(i)),
      lineOnly,
    );
    for (const { at } of steps) expect(kept.u.some(u => u < at)).toBe(true);
  });

  it('finds nothing in quiet noise', () => {
    const { steps, spikes } = removeOutliers(
      readings(96, i => noise(i)),
      lineOnly,
    );
    expect({ steps, spikes }).toEqual({ steps: [], spikes: 0 });
  });
});
