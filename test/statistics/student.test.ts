import { describe, expect, it } from 'vitest';
import { studentUpperQuantile, studentUpperTail } from '../../src/statistics/student.js';

/** Student's t as printed in statistical tables, e.g. Abramowitz & Stegun 26.10. */
const printed: [tail: number, freedom: number, t: number][] = [
  [0.025, 1, 12.7062],
  [0.025, 2, 4.30265],
  [0.025, 5, 2.57058],
  [0.025, 10, 2.22814],
  [0.025, 30, 2.04227],
  [0.025, 120, 1.97993],
  [0.05, 4, 2.13185],
  [0.005, 8, 3.35539],
  [0.0005, 12, 4.31779],
  [0.0005, 60, 3.4602],
];

describe('student', () => {
  it.each(printed)('quantile of %f with %i degrees of freedom is %f', (tail, freedom, t) => {
    expect(studentUpperQuantile(tail, freedom)).toBeCloseTo(t, 4);
  });

  it('has the closed forms of one and two degrees of freedom deep in the tail', () => {
    expect(studentUpperQuantile(1e-6, 1)).toBeCloseTo(1 / Math.tan(1e-6 * Math.PI), 3);
    expect(studentUpperQuantile(1e-4, 2)).toBeCloseTo((1 - 2e-4) / Math.sqrt(2e-4 * (1 - 1e-4)), 6);
  });

  it('approaches the normal distribution', () => {
    expect(studentUpperQuantile(0.025, 1e7)).toBeCloseTo(1.959964, 5);
    expect(studentUpperQuantile(0.001, 1e7)).toBeCloseTo(3.090232, 5);
  });

  it('is undone by its distribution', () => {
    for (const freedom of [1, 3, 9.5, 40]) {
      for (const tail of [0.4, 0.1, 1e-3, 1e-8]) {
        expect(studentUpperTail(studentUpperQuantile(tail, freedom), freedom) / tail).toBeCloseTo(1, 9);
      }
    }
  });

  it('has the median 0 and is symmetric', () => {
    expect(studentUpperTail(0, 7)).toBeCloseTo(0.5, 12);
    expect(studentUpperTail(-2, 7) + studentUpperTail(2, 7)).toBeCloseTo(1, 12);
  });
});
