/**
 * Inner products of columns under first-order autoregressive noise.
 *
 * Whitening a column u with autocorrelation phi (Prais & Winsten 1954) gives sqrt(1 - phi^2) u[0] and
 * u[i] - phi u[i-1]. The inner product of two whitened columns is then a polynomial in phi whose three
 * coefficients do not depend on phi, so a whole grid of phi costs no more than one.
 */
export type LaggedProduct = readonly [now: number, neighbours: number, inner: number];

export function laggedProduct(u: Float64Array, v: Float64Array): LaggedProduct {
  const last = u.length - 1;
  let now = u[0]! * v[0]!;
  let neighbours = 0;
  for (let i = 1; i <= last; i++) {
    now += u[i]! * v[i]!;
    neighbours += u[i]! * v[i - 1]! + u[i - 1]! * v[i]!;
  }
  return [now, neighbours, now - u[0]! * v[0]! - u[last]! * v[last]!];
}

export function productAt(phi: number, product: LaggedProduct): number {
  return product[0] - phi * product[1] + phi * phi * product[2];
}

export function whiten(u: Float64Array, phi: number): Float64Array {
  return u.map((value, i) => (i === 0 ? Math.sqrt(1 - phi * phi) * value : value - phi * u[i - 1]!));
}
