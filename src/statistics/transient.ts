/**
 * What a series may do besides growing steadily. Positions and time constants are shares of the run,
 * from 0 (its first reading) to 1 (its last).
 */
export type Transient = Filling | Pair | Free;

/** Transients that can only add to a series: the rise is never below zero. */
export type Filling =
  /** A cache, pool or arena that fills: rise * (1 - exp(-u / tau)). */
  | { kind: 'filling'; tau: number }
  /** A ring or pool that fills upload by upload and is full at `at`: rise * min(u, at). */
  | { kind: 'ring'; at: number }
  /** Keys that occur ever more rarely, as by Zipf's law, without end: rise * log(1 + u / scale). */
  | { kind: 'log'; scale: number }
  /**
   * Growth by the square root, like distinct words in a text (Heaps 1978): rise * (sqrt(u + start) -
   * sqrt(start)).
   */
  | { kind: 'root'; start: number };

/** Two things that fill, each with its own time constant; `share` is the first one's part of the rise. */
export interface Pair {
  kind: 'pair';
  of: readonly [Filling, Filling];
  share: number;
}

export type Free =
  /** A straight line that bends either way: something was full at `at`, or a leak began there. */
  | { kind: 'bend'; at: number }
  /** A change of level, perhaps too small to stand out. */
  | { kind: 'step'; at: number };

/** Ratio of one time constant in a grid to the next. */
export const gridRatio = 1.5;

/** Time constants from half the distance of two readings to `longest` runs. */
export function fillingGrid(readings: number, longest: number): Transient[] {
  return fillingsOf(spaced(0.5 / readings, longest, gridRatio));
}

export function fillingsOf(timeConstants: readonly number[]): Transient[] {
  return timeConstants.map(tau => ({ kind: 'filling', tau }));
}

export function bendsAt(positions: readonly number[]): Transient[] {
  return positions.map(at => ({ kind: 'bend', at }));
}

/** A bend later than two thirds of the run leaves too little to judge the rest by. */
export const bendGrid: Transient[] = bendsAt([1 / 4, 1 / 2, 2 / 3]);

/** Full so recently that the remaining readings could hardly show a leak that began there. */
export const ringGrid: Transient[] = [0.75, 0.83, 0.9].map(at => ({ kind: 'ring', at }));

/**
 * Growth that slows down in more than one stage: two caches, a pool behind a pool, keys without end. They are
 * believed only if growth is seen to slow down, because each takes some of the growth away from the straight
 * line.
 */
export function slowGrid(readings: number): Transient[] {
  const shortest = 0.5 / readings;
  const scales = spaced(shortest, 0.25, 4);
  const rings: Filling[] = [1 / 8, 1 / 4, 3 / 8, 1 / 2, 5 / 8, 3 / 4].map(at => ({ kind: 'ring', at }));
  return [
    ...fillingsOf([1.5, 2]),
    ...scales.map((scale): Transient => ({ kind: 'log', scale })),
    { kind: 'root', start: 0 },
    ...pairsOf(rings),
  ];
}

function pairsOf(fillings: readonly Filling[]): Transient[] {
  return fillings.flatMap((first, i) =>
    fillings.slice(i + 1).map((second): Transient => ({ kind: 'pair', of: [first, second], share: 1 / 2 })),
  );
}

/** From `first` to `last`, each at most `ratio` times the one before. */
export function spaced(first: number, last: number, ratio: number): number[] {
  const count = Math.ceil(Math.log(last / first) / Math.log(ratio));
  return Array.from({ length: count + 1 }, (_, i) => first * (last / first) ** (i / count));
}

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
    case 'log':
      return u.map(x => Math.log1p(x / transient.scale));
    case 'root':
      return u.map(x => Math.sqrt(x + transient.start) - Math.sqrt(transient.start));
    case 'pair': {
      const [first, second] = transient.of.map(each => transientColumn(each, u));
      return first!.map((value, i) => transient.share * value + (1 - transient.share) * second![i]!);
    }
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

/** How fast a transient of rise 1 still rises at the end of the run, per run. */
export function slopeAtEnd(transient: Transient): number {
  switch (transient.kind) {
    case 'filling':
      return Math.exp(-1 / transient.tau) / transient.tau;
    case 'log':
      return 1 / (transient.scale + 1);
    case 'root':
      return 0.5 / Math.sqrt(1 + transient.start);
    case 'pair':
      return (
        transient.share * slopeAtEnd(transient.of[0]) + (1 - transient.share) * slopeAtEnd(transient.of[1])
      );
    default:
      return 0;
  }
}

/** Whether the transient can only add to the series, so that growth is less than it seems. */
export function onlyFills(transient: Transient): transient is Filling | Pair {
  return transient.kind !== 'bend' && transient.kind !== 'step';
}
