/**
 * How far each possible exception stands out of the residuals of a fit: the size of its coefficient, if it
 * were a column of its own, in standard errors of noise with variance 1 (Chen & Liu 1993).
 *
 * A spike's whitened column is its weight at its own reading and -phi times that at the next; a step's is its
 * weight at its own and, at all later ones, the weight less phi times that of the reading before. Products
 * with them are therefore a value and a neighbour, or a tail sum.
 */
export interface Whitened {
  phi: number;
  /** Orthonormal directions that the fit explains. */
  directions: readonly Float64Array[];
  residuals: Float64Array;
  weights: Float64Array;
}

export function spikeScores({ phi, directions, residuals, weights }: Whitened): Float64Array {
  const last = residuals.length - 1;
  const along = (vector: Float64Array) =>
    vector.map((value, i) => weights[i]! * (own(i, phi) * value - (i < last ? phi * vector[i + 1]! : 0)));
  const length = (i: number) => weights[i]! ** 2 * (own(i, phi) ** 2 + (i < last ? phi * phi : 0));
  return scores(directions, residuals, along, length);
}

export function stepScores({ phi, directions, residuals, weights }: Whitened): Float64Array {
  const last = residuals.length - 1;
  const onward = (i: number) => weights[i]! - phi * weights[i - 1]!;
  const tailSums = (first: (i: number) => number, later: (i: number) => number) => {
    const sums = new Float64Array(residuals.length);
    let after = 0;
    for (let i = last; i >= 0; i--) {
      sums[i] = first(i) + after;
      if (i > 0) after += later(i);
    }
    return sums;
  };
  const along = (vector: Float64Array) =>
    tailSums(
      i => own(i, phi) * weights[i]! * vector[i]!,
      i => onward(i) * vector[i]!,
    );
  const lengths = tailSums(
    i => (own(i, phi) * weights[i]!) ** 2,
    i => onward(i) ** 2,
  );
  return scores(directions, residuals, along, i => lengths[i]!);
}

/** A column's whitened value at its first reading. */
function own(reading: number, phi: number): number {
  return reading === 0 ? Math.sqrt(1 - phi * phi) : 1;
}

function scores(
  directions: readonly Float64Array[],
  residuals: Float64Array,
  along: (vector: Float64Array) => Float64Array,
  length: (reading: number) => number,
): Float64Array {
  const explained = new Float64Array(residuals.length);
  for (const direction of directions) {
    const products = along(direction);
    for (let i = 0; i < explained.length; i++) explained[i]! += products[i]! ** 2;
  }
  return along(residuals).map((value, i) => {
    const unexplained = length(i) - explained[i]!;
    return unexplained > 1e-6 * length(i) ? Math.abs(value) / Math.sqrt(unexplained) : 0;
  });
}
