/**
 * How far each possible exception stands out of the residuals of a fit: the size of its coefficient,
 * were it a column of its own, in standard errors of noise with variance 1 (Chen & Liu 1993).
 *
 * A spike's whitened column is 1 at its own reading and -phi at the next; a step's is 1 at its own and
 * 1 - phi at all later ones. Products with them are therefore a value and a neighbour, or a tail sum.
 */
export interface Whitened {
  phi: number;
  /** Orthonormal directions that the fit explains. */
  directions: readonly Float64Array[];
  residuals: Float64Array;
}

export function spikeScores({ phi, directions, residuals }: Whitened): Float64Array {
  const last = residuals.length - 1;
  const along = (vector: Float64Array) =>
    vector.map((value, i) => own(i, phi) * value - (i < last ? phi * vector[i + 1]! : 0));
  return scores(directions, residuals, along, i => own(i, phi) ** 2 + (i < last ? phi * phi : 0));
}

export function stepScores({ phi, directions, residuals }: Whitened): Float64Array {
  const last = residuals.length - 1;
  const along = (vector: Float64Array) => {
    const products = new Float64Array(vector.length);
    let later = 0;
    for (let i = last; i >= 0; i--) {
      products[i] = own(i, phi) * vector[i]! + (1 - phi) * later;
      later += vector[i]!;
    }
    return products;
  };
  return scores(directions, residuals, along, i => own(i, phi) ** 2 + (last - i) * (1 - phi) ** 2);
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
