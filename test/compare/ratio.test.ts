import { describe, expect, test } from 'vitest';
import { ratioOf } from '../../src/compare/ratio.js';
import { sfc32 } from '../../src/fixtures/sfc32.js';

describe('the ratio of two quantities', () => {
  test('is that of their geometric means', () => {
    const found = ratioOf([10, 1000], [20, 2000])!;
    expect(found.before).toBeCloseTo(100, 9);
    expect(found.after).toBeCloseTo(200, 9);
    expect(found.ratio.estimate).toBeCloseTo(2, 12);
  });

  test('of values that do not vary is exact', () => {
    const { ratio } = ratioOf([10, 10, 10], [11, 11])!;
    expect(ratio.low).toBeCloseTo(1.1, 12);
    expect(ratio.high).toBeCloseTo(1.1, 12);
  });

  /** Welch's t for equal variances and sizes is Student's with 2n - 2 degrees of freedom: t(0.975, 4) = 2.776445. */
  test('has an interval by Student’s t on logarithms', () => {
    const logs = [0, 1, 2].map(Math.exp);
    const { ratio } = ratioOf(logs, logs)!;
    expect(Math.log(ratio.high)).toBeCloseTo(2.776445 * Math.sqrt(2 / 3), 5);
    expect(Math.log(ratio.low)).toBeCloseTo(-2.776445 * Math.sqrt(2 / 3), 5);
  });

  test('is unknown where a side has fewer than two values above zero', () => {
    expect(ratioOf([1], [1, 2])).toBeUndefined();
    expect(ratioOf([1, 2], [0, Number.NaN, 3])).toBeUndefined();
  });

  test('over thousands of seeded pairs, misses the truth on either side at most once in forty', () => {
    const words = sfc32(3);
    const random = () => words.next() / 2 ** 32;
    const noise = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const rounds = (mean: number, sd: number, n: number) =>
      Array.from({ length: n }, () => mean * Math.exp(sd * noise()));
    let [below, above] = [0, 0];
    for (let i = 0; i < 4000; i += 1) {
      const { ratio } = ratioOf(rounds(30, 0.05, 8), rounds(33, 0.2, 14))!;
      // The geometric mean of log-normal values is their median.
      if (ratio.low > 1.1) above += 1;
      if (ratio.high < 1.1) below += 1;
    }
    expect([below / 4000 < 0.0324, above / 4000 < 0.0324]).toEqual([true, true]);
  });
});
