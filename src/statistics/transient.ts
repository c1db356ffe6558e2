/**
 * What a series may do besides growing steadily. Positions and time constants are shares of the run,
 * from 0 (its first reading) to 1 (its last).
 */
export type Transient =
  /** A cache, pool or arena that fills: rise * (1 - exp(-u / tau)), rise >= 0. */
  | { kind: 'filling'; tau: number }
  /** A ring or pool that fills upload by upload and is full at `at`: rise * min(u, at), rise >= 0. */
  | { kind: 'ring'; at: number }
  /** A straight line that bends either way: something was full at `at`, or a leak began there. */
  | { kind: 'bend'; at: number }
  /** A change of level, perhaps too small to stand out. */
  | { kind: 'step'; at: number };

/** Ratio of one time constant in a grid to the next. */
export const gridRatio = 1.5;

/** Time constants from half a reading's distance to `longest` runs. */
export function fillingGrid(readings: number, longest: number): Transient[] {
  const shortest = 0.5 / readings;
  const count = Math.ceil(Math.log(longest / shortest) / Math.log(gridRatio));
  return fillingsOf(
    Array.from({ length: count + 1 }, (_, i) => shortest * (longest / shortest) ** (i / count)),
  );
}

export function fillingsOf(timeConstants: readonly number[]): Transient[] {
  return timeConstants.map(tau => ({ kind: 'filling', tau }));
}

export function bendsAt(positions: readonly number[]): Transient[] {
  return positions.map(at => ({ kind: 'bend', at }));
}

/** A bend later than two thirds of the run leaves too little to judge the rest by. */
export const bendGrid: Transient[] = bendsAt([1 / 4, 1 / 2, 2 / 3]);

/** Full so lately that the readings left could hardly show a leak that began there. */
export const ringGrid: Transient[] = [0.75, 0.83, 0.9].map(at => ({ kind: 'ring', at }));

export const stepGrid: Transient[] = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(tenth => ({
  kind: 'step',
  at: tenth / 10,
}));

export function transientColumn(transient: Transient, u: Float64Array): Float64Array {
  switch (transient.kind) {
    case 'filling':
      return u.map(x => -Math.expm1(-x / transient.tau));
    case 'ring':
    case 'bend':
      return u.map(x => Math.min(x, transient.at));
    case 'step':
      return stepColumn(transient.at, u);
  }
}

export function stepColumn(at: number, u: Float64Array): Float64Array {
  return u.map(x => (x >= at ? 1 : 0));
}

/** Derivative of a filling column by log tau. */
export function fillingDerivative(tau: number, u: Float64Array): Float64Array {
  return u.map(x => -(x / tau) * Math.exp(-x / tau));
}

/** Whether the transient can only add to what the series has, so that growth is less than it seems. */
export function onlyFills({ kind }: Transient): boolean {
  return kind === 'filling' || kind === 'ring';
}
