import { describe, expect, it } from 'vitest';
import { incompleteBeta, logGamma } from '../../src/statistics/incomplete-beta.js';

describe('incomplete beta', () => {
  it('has the gamma function of whole and half numbers', () => {
    expect(logGamma(1)).toBeCloseTo(0, 12);
    expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 10);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12);
    expect(logGamma(0.25)).toBeCloseTo(1.2880225246980774, 10);
  });

  it('is a polynomial where its parameters are whole numbers', () => {
    expect(incompleteBeta(0.3, 1, 1)).toBeCloseTo(0.3, 12);
    expect(incompleteBeta(0.3, 2, 3)).toBeCloseTo(0.3483, 10);
    expect(incompleteBeta(0.5, 40, 40)).toBeCloseTo(0.5, 12);
  });

  it('is an arcsine where both are one half', () => {
    expect(incompleteBeta(0.2, 0.5, 0.5)).toBeCloseTo((2 / Math.PI) * Math.asin(Math.sqrt(0.2)), 12);
  });

  it('ends at 0 and 1', () => {
    expect(incompleteBeta(0, 3, 4)).toBe(0);
    expect(incompleteBeta(1, 3, 4)).toBe(1);
  });
});
