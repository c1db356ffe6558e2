/** Vector arithmetic on the columns of a regression. */

export function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The part of a column that the orthonormal directions do not explain. */
export function orthogonal(column: Float64Array, directions: readonly Float64Array[]): Float64Array {
  const rest = Float64Array.from(column);
  for (const direction of directions) {
    const share = product(rest, direction);
    for (let i = 0; i < rest.length; i++) rest[i]! -= share * direction[i]!;
  }
  return rest;
}

/** Orthonormal directions that span the columns, by modified Gram-Schmidt; dependent columns add none. */
export function orthonormal(columns: readonly Float64Array[]): Float64Array[] {
  const directions: Float64Array[] = [];
  for (const column of columns) {
    const rest = orthogonal(column, directions);
    const length = Math.sqrt(product(rest, rest));
    if (length > 1e-9) directions.push(rest.map(value => value / length));
  }
  return directions;
}
