import { describe, expect, it } from 'vitest';
import { lowerScale, median, robustScale } from '../../src/statistics/order.js';

describe('order', () => {
  it('takes the middle, or the mean of the middle two', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([Number.MAX_VALUE, Number.MAX_VALUE])).toBe(Number.MAX_VALUE);
  });

  it('leaves its input alone', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('has a scale that almost half of the values cannot move', () => {
    expect(robustScale([1, -1, 1, -1, 1, 1e9, -1e9])).toBeCloseTo(1.4826, 4);
  });

  it('has another that almost three quarters of them cannot move', () => {
    expect(lowerScale([1, -1, 1, 1e9, -1e9, 1e9, -1e9, 1e9])).toBeCloseTo(1 / 0.3186, 2);
    expect(lowerScale([])).toBe(0);
  });
});
