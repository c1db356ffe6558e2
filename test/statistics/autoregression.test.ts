import { expect, it } from 'vitest';
import { laggedProduct, productAt, whiten } from '../../src/statistics/autoregression.js';
import { product } from '../../src/statistics/columns.js';

it('has the inner product of two whitened columns for any autocorrelation', () => {
  const u = Float64Array.of(2, -1, 3, 0.5, 4);
  const v = Float64Array.of(1, 5, -2, 0.25, 1);
  for (const phi of [0, 0.3, 0.985]) {
    expect(productAt(phi, laggedProduct(u, v))).toBeCloseTo(product(whiten(u, phi), whiten(v, phi)), 12);
  }
});

it('whitening turns autoregressive noise into what drove it', () => {
  const shocks = [0.5, -1, 2, 0.1, -0.7];
  const phi = 0.6;
  let state = 0;
  const noise = Float64Array.from(shocks, shock => (state = phi * state + shock));
  expect([...whiten(noise, phi)].slice(1)).toEqual(shocks.slice(1).map(shock => expect.closeTo(shock, 12)));
});
