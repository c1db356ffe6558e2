import { type LaggedProduct, laggedProduct } from './autoregression.js';
import { type Design, type FurtherColumn, further } from './design.js';
import { fillingDerivative, type Transient, transientColumn } from './transient.js';

/** Columns beside the straight line, ready for any fit. */
export interface Columns {
  all: FurtherColumn[];
  /** The products of each column with those before it. */
  cross: LaggedProduct[][];
}

function columnsOf(all: FurtherColumn[]): Columns {
  return { all, cross: all.map((a, i) => all.slice(0, i).map(b => laggedProduct(a.column, b.column))) };
}

/**
 * The same fillings are needed in the grid, in every pair, and in the steps towards the best time constant.
 */
const fillings = new WeakMap<Design, Map<number, FurtherColumn>>();

function fillingColumn(design: Design, tau: number): FurtherColumn {
  const known = fillings.get(design) ?? new Map<number, FurtherColumn>();
  fillings.set(design, known);
  const column =
    known.get(tau) ?? further(design, transientColumn({ kind: 'filling', tau }, design.readings.u));
  known.set(tau, column);
  return column;
}

/** The columns of a transient: one, or one for each part of a pair. */
export function transientColumns(design: Design, transient: Transient): Columns {
  const all = partsOf(transient).map(part =>
    part.kind === 'filling'
      ? fillingColumn(design, part.tau)
      : further(design, transientColumn(part, design.readings.u)),
  );
  return columnsOf(all);
}

/**
 * A filling and its derivative by the logarithm of its time constant, so that the time constant is estimated
 * too; between them, if given, a second filling whose time constant is known.
 */
export function looseColumns(design: Design, tau: number, beside?: number): Columns {
  const paces = beside === undefined ? [tau] : [tau, beside];
  const turn = further(design, fillingDerivative(tau, design.readings.u));
  return columnsOf([...paces.map(pace => fillingColumn(design, pace)), turn]);
}

function partsOf(transient: Transient): readonly Transient[] {
  return transient.kind === 'pair' ? transient.of : [transient];
}
