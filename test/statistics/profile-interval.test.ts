import { describe, expect, it } from 'vitest';
import { fitsOf } from '../../src/statistics/fits.js';
import { profileInterval, simplest } from '../../src/statistics/profile-interval.js';
import { studentUpperQuantile } from '../../src/statistics/student.js';
import { fillingGrid } from '../../src/statistics/transient.js';

function readings(y: number[]) {
  return { u: Float64Array.from(y, (_, i) => i / (y.length - 1)), y: Float64Array.from(y), floor: 1e-9 };
}

describe('plausible growth', () => {
  it("is Student's interval of the least squares line where that is the only explanation", () => {
    const y = [0.1, 0.35, 0.2, 0.6, 0.55, 0.9, 0.8, 1.1];
    const u = y.map((_, i) => i / 7);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const uu = u.reduce((sum, x) => sum + (x - 0.5) ** 2, 0);
    const slope = u.reduce((sum, x, i) => sum + (x - 0.5) * (y[i]! - mean(y)), 0) / uu;
    const rss = u.reduce((sum, x, i) => sum + (y[i]! - mean(y) - slope * (x - 0.5)) ** 2, 0);
    const reach = studentUpperQuantile(0.025, 6) * Math.sqrt(rss / 6 / uu);

    const explanations = fitsOf(readings(y), [], { transients: [], autocorrelated: false });
    const { low, high } = profileInterval(explanations, 0.025);
    expect([low, high]).toEqual([expect.closeTo(slope - reach, 9), expect.closeTo(slope + reach, 9)]);
  });

  it('finds the time constant of a cache between those of the grid', () => {
    const y = Array.from({ length: 48 }, (_, i) => -Math.expm1(-i / 47 / 0.137));
    const best = simplest(fitsOf(readings(y), [], { transients: fillingGrid(48, 1) }));
    expect(best.transient).toEqual({ kind: 'filling', tau: expect.closeTo(0.137, 6) });
    expect(best.growth).toBeCloseTo(0, 6);
    expect(best.rise).toBeCloseTo(1, 6);
  });

  it('never lets a cache shrink to make growth steeper', () => {
    const y = Array.from({ length: 24 }, (_, i) => (i / 23) ** 2);
    const explanations = fitsOf(readings(y), [], {
      transients: fillingGrid(24, 1),
      autocorrelated: false,
    });
    const straight = explanations.find(({ transient }) => transient === null)!;
    const { high } = profileInterval(explanations, 0.025);
    expect(high).toBeLessThan(straight.growth * 1.2);
  });

  it('widens where neighbouring readings err alike', () => {
    const alike = Array.from({ length: 48 }, (_, i) => Math.sin(i / 5));
    const alternating = alike.map((_, i) => (i % 2 === 0 ? 0.7 : -0.7));
    const width = (y: number[]) => {
      const { low, high } = profileInterval(fitsOf(readings(y), [], { transients: [] }), 0.025);
      return high - low;
    };
    expect(width(alike)).toBeGreaterThan(2 * width(alternating));
  });
});
