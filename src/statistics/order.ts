/** Order statistics. They take numbers in any order and do not change their input. */

export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? sorted[middle]! : sorted[middle - 1]! / 2 + sorted[middle]! / 2;
}

/** The median absolute value times this is the standard deviation of normal noise: 1 / Phi^-1(3/4). */
const normalConsistency = 1.482602218505602;

/** The quartile of absolute values is this share of the standard deviation of normal noise: Phi^-1(5/8). */
const lowerQuartile = 0.3186393639643752;

/** The same for noise of which up to three quarters may be wild. */
export function lowerScale(residuals: ArrayLike<number>): number {
  const sizes = Float64Array.from(residuals, Math.abs).sort();
  return sizes.length === 0 ? 0 : sizes[sizes.length >> 2]! / lowerQuartile;
}

/** Standard deviation of noise around zero, unaffected if up to half of the values are wild. */
export function robustScale(residuals: ArrayLike<number>): number {
  return normalConsistency * median(Float64Array.from(residuals, Math.abs));
}
