import { describe, expect, it } from 'vitest';
import { rankTrend } from '../../src/statistics/rank-trend.js';

describe('a trend by ranks', () => {
  it('is the slope of a line, wild values or not', () => {
    const x = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    const y = x.map(each => 3 * each + (each === 5 ? 1000 : 0));
    expect(rankTrend(x, y).slope).toBeCloseTo(3, 9);
  });

  it('of eight values in order has z (28 - 1) / sqrt(8 * 7 * 21 / 18)', () => {
    const x = [0, 1, 2, 3, 4, 5, 6, 7];
    expect(rankTrend(x, x).z).toBeCloseTo(27 / Math.sqrt(1176 / 18), 12);
  });

  it('allows for ties (Kendall 1975: 1, 2, 2, 3 have the variance (52 - 18) / 18)', () => {
    const { z } = rankTrend([1, 2, 3, 4], [1, 2, 2, 3]);
    expect(z).toBeCloseTo(4 / Math.sqrt((4 * 3 * 13 - 2 * 1 * 9) / 18), 12);
  });

  it('of one value again and again is none', () => {
    expect(rankTrend([1, 2, 3], [7, 7, 7])).toEqual({ slope: 0, z: 0 });
  });
});
