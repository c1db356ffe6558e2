import { type LaggedProduct, laggedProduct, productAt } from './autoregression.js';
import { stepColumn } from './transient.js';

/** A prepared series: u from 0 (first reading) to 1 (last), y of the order of 1. */
export interface Observations {
  u: Float64Array;
  y: Float64Array;
  /** Noise below this standard deviation is not believed: it is the readings' resolution. */
  floor: number;
  /** The factor for each reading that makes all noise equal; absent if it is equal already. */
  weights?: Float64Array | undefined;
}

/** The columns every fit shares: a constant, the steps, then the position u, and the readings y. */
export interface Design {
  readings: Observations;
  /** Multiplied by the readings' weights. */
  columns: Float64Array[];
  /** How many of them, from the first, are nuisance columns: the constant and the steps. */
  nuisance: number;
  /** The products of each column with those up to itself. */
  products: LaggedProduct[][];
}

/** `beside` are further nuisance columns, which say nothing about the growth. */
export function designOf(
  readings: Observations,
  steps: readonly number[],
  beside: readonly Float64Array[] = [],
): Design {
  const { u, y } = readings;
  const constant = new Float64Array(u.length).fill(1);
  const between = [constant, ...steps.map(at => stepColumn(at, u)), ...beside];
  const columns = [...between, u, y].map(column => weighted(column, readings));
  const products = columns.map((a, i) => columns.slice(0, i + 1).map(b => laggedProduct(a, b)));
  return { readings, columns, nuisance: between.length, products };
}

export function weighted(column: Float64Array, { weights }: Observations): Float64Array {
  return weights ? column.map((value, i) => value * weights[i]!) : column;
}

/**
 * The steps that the readings still show, in order: those with a reading on either side, before the next
 * step. A step that has lost the readings before it would repeat the constant.
 */
export function stepsWithin(u: ArrayLike<number>, steps: readonly number[]): number[] {
  const segments = new Set<number>();
  const sorted = steps.toSorted((a, b) => a - b);
  for (let i = 0; i < u.length; i++) segments.add(sorted.filter(at => at <= u[i]!).length);
  return sorted.filter((_, i) => segments.has(i + 1) && [...segments].some(segment => segment <= i));
}

/** A further column's products with the shared ones and with itself. */
export interface FurtherColumn {
  column: Float64Array;
  shared: LaggedProduct[];
  self: LaggedProduct;
}

export function further(design: Design, plain: Float64Array): FurtherColumn {
  const column = weighted(plain, design.readings);
  const shared = design.columns.map(each => laggedProduct(each, column));
  return { column, shared, self: laggedProduct(column, column) };
}

/** If less than this share of a column's square is left once others are projected out, it is their sum. */
const dependence = 1e-9;

/** Sums of products of a further column g with itself, u and y, nuisance columns projected out. */
export interface Sums {
  gg: number;
  gu: number;
  gy: number;
  projection: number[];
}

/**
 * A design whitened for one autocorrelation, the constant and the steps projected out of u and y (Frisch &
 * Waugh 1933). A fit needs only a few sums of it.
 */
export class WhitenedDesign {
  readonly uu: number;
  readonly uy: number;
  readonly yy: number;
  /** log |C'V^-1C| of the shared columns C except y, which the restricted likelihood needs. */
  readonly logDeterminant: number;
  readonly #factor: number[][] = [];
  readonly #u: number[];
  readonly #y: number[];

  constructor(
    { nuisance, products }: Design,
    readonly phi: number,
  ) {
    const at = (i: number, j: number) => productAt(phi, products[i]![j]!);
    const row = (i: number, length: number) => Array.from({ length }, (_, j) => at(i, j));
    let logDeterminant = 0;
    for (let i = 0; i < nuisance; i++) {
      const factors = this.#project(row(i, i));
      const pivot = at(i, i) - dot(factors, factors);
      // A column that is a sum of those before it explains nothing of its own: its multiplier stays zero.
      const independent = pivot > dependence * at(i, i);
      const diagonal = independent ? Math.sqrt(pivot) : Number.POSITIVE_INFINITY;
      this.#factor.push([...factors, diagonal]);
      if (independent) logDeterminant += Math.log(pivot);
    }
    this.#u = this.#project(row(nuisance, nuisance));
    this.#y = this.#project(row(nuisance + 1, nuisance));
    this.uu = at(nuisance, nuisance) - dot(this.#u, this.#u);
    this.uy = at(nuisance + 1, nuisance) - dot(this.#u, this.#y);
    this.yy = at(nuisance + 1, nuisance + 1) - dot(this.#y, this.#y);
    this.logDeterminant = logDeterminant + Math.log(this.uu);
  }

  sums({ shared, self }: FurtherColumn): Sums {
    const nuisance = this.#factor.length;
    const projection = this.#project(shared.slice(0, nuisance).map(each => productAt(this.phi, each)));
    return {
      projection,
      gg: productAt(this.phi, self) - dot(projection, projection),
      gu: productAt(this.phi, shared[nuisance]!) - dot(projection, this.#u),
      gy: productAt(this.phi, shared[nuisance + 1]!) - dot(projection, this.#y),
    };
  }

  /** Sum of products of two further columns. */
  cross(a: Sums, b: Sums, product: LaggedProduct): number {
    return productAt(this.phi, product) - dot(a.projection, b.projection);
  }

  /** Forward substitution in the Cholesky factor, for as many products as are given. */
  #project(products: number[]): number[] {
    const solution: number[] = [];
    for (let i = 0; i < products.length; i++) {
      const row = this.#factor[i]!;
      let rest = products[i]!;
      for (let j = 0; j < i; j++) rest -= row[j]! * solution[j]!;
      solution.push(rest / row[i]!);
    }
    return solution;
  }
}

function dot(a: number[], b: number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
