import { product } from './columns.js';
import { designOf, type Observations, WhitenedDesign } from './design.js';
import { type Fit, type FitSetting, fitLoosely, fitModel } from './fit.js';
import { looseColumns, transientColumns } from './fit-columns.js';
import { gridRatio, spaced, type Transient } from './transient.js';

/** 0.985 is nearly a random walk; beyond it, runs as short as these cannot tell. */
const autocorrelations = [0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.87, 0.95, 0.985];

export interface Grid {
  transients: readonly Transient[];
  /** Transients that are believed only if growth is seen to slow down. */
  slow?: readonly Transient[];
  autocorrelated?: boolean;
  /** Columns that are part of every fit. */
  beside?: readonly Float64Array[];
}

/**
 * Every fit of a series in the grid, and fits at the time constants between grid points around the best ones.
 */
export function fitsOf(readings: Observations, steps: readonly number[], grid: Grid): Fit[] {
  const { transients, slow = [], autocorrelated = true, beside = [] } = grid;
  const design = designOf(readings, steps, beside);
  const count = readings.u.length;
  const parameters = 2 + steps.length + beside.length + (transients.length > 0 ? 1 : 0);
  const freedom = Math.max(count - parameters, 1);
  const weights = readings.weights ? product(readings.weights, readings.weights) : count;
  const setting = { design, freedom, rounding: weights * readings.floor ** 2 };
  const whitened = (autocorrelated ? autocorrelations : [0]).map(phi => new WhitenedDesign(design, phi));
  const found: Fit[] = [];
  const add = (transient: Transient | null) => {
    const columns = transient ? transientColumns(design, transient) : { all: [], cross: [] };
    for (const each of whitened) {
      const fit = fitModel(each, setting, transient, columns);
      if (fit) found.push(fit);
    }
  };
  add(null);
  transients.forEach(add);
  const slows = slowsDown(found);
  if (slows) slow.forEach(add);
  refine(whitened, setting, found, add);
  if (slows && slow.length > 0) addPairs(whitened, setting, found, add);
  return found;
}

/** Akaike's price (1974) of a transient: its rise, and its position or time constant. */
export const transientPrice = 4;

function slowsDown(found: readonly Fit[]): boolean {
  const least = (wanted: (each: Fit) => boolean) =>
    likeliest(found, wanted)?.deviance ?? Number.POSITIVE_INFINITY;
  const filling = least(({ transient }) => transient?.kind === 'filling');
  return filling + transientPrice < least(({ transient }) => transient === null);
}

/**
 * If the readings determine a time constant more closely than the grid is spaced, finds it by Gauss-Newton
 * steps, and adds fits in which the growth's uncertainty includes that of the time constant.
 */
function refine(
  whitened: readonly WhitenedDesign[],
  setting: FitSetting,
  found: Fit[],
  add: (transient: Transient) => void,
): void {
  let settled = 0;
  // The best autocorrelation depends on the time constant and vice versa: three turns are enough.
  for (let turn = 0; turn < 3; turn++) {
    const best = likeliest(found, ({ transient }) => transient?.kind === 'filling');
    if (best?.transient?.kind !== 'filling') return;
    const likely = whitened.find(({ phi }) => phi === best.phi)!;
    const tau = bestPace(likely, setting, best.transient.tau);
    if (tau === null || Math.abs(tau - settled) < 1e-6 * tau) return;
    add({ kind: 'filling', tau });
    const columns = looseColumns(setting.design, tau);
    for (const each of whitened) {
      const loose = fitLoosely(each, setting, tau, columns);
      if (loose && loose.uncertainty < Math.log(gridRatio) / 2) found.push(loose.fit);
    }
    settled = tau;
  }
}

/** Time constants of the slower of two fillings, in runs: a still slower one is a straight line. */
const slowPaces = spaced(0.2, 1, 1.3);

/**
 * For each time constant of a slow filling, adds the quick one that fits best with it: together they bend in
 * two stages.
 */
function addPairs(
  whitened: readonly WhitenedDesign[],
  setting: FitSetting,
  found: readonly Fit[],
  add: (transient: Transient) => void,
): void {
  const best = likeliest(found, () => true)!;
  const likely = whitened.find(({ phi }) => phi === best.phi)!;
  const shortest = 0.5 / setting.design.readings.u.length;
  for (const slow of slowPaces) {
    const pairs = spaced(shortest, slow / 1.5, 2).flatMap(tau => {
      const pair = pairOf(tau, slow);
      return fitModel(likely, setting, pair, transientColumns(setting.design, pair)) ?? [];
    });
    const start = likeliest(pairs, () => true)?.transient;
    if (start?.kind !== 'pair' || start.of[0].kind !== 'filling') continue;
    const quick = bestPace(likely, setting, start.of[0].tau, slow) ?? start.of[0].tau;
    add(pairOf(quick, slow));
  }
}

function pairOf(quick: number, slow: number): Transient {
  return {
    kind: 'pair',
    of: [
      { kind: 'filling', tau: quick },
      { kind: 'filling', tau: slow },
    ],
    share: 1 / 2,
  };
}

function likeliest(found: readonly Fit[], wanted: (fit: Fit) => boolean): Fit | null {
  let best: Fit | null = null;
  for (const each of found) {
    if (wanted(each) && each.deviance < (best?.deviance ?? Number.POSITIVE_INFINITY)) best = each;
  }
  return best;
}

/**
 * The time constant of a filling, alone or beside another one with a known time constant; null if
 * Gauss-Newton steps lead far away from their start, because the readings do not tell.
 */
function bestPace(
  whitened: WhitenedDesign,
  setting: FitSetting,
  start: number,
  beside?: number,
): number | null {
  let tau = start;
  for (let i = 0; i < 8; i++) {
    const loose = fitLoosely(whitened, setting, tau, looseColumns(setting.design, tau, beside));
    if (!loose) return null;
    const next = tau * Math.exp(loose.correction);
    if (!(Math.abs(Math.log(next / start)) < 2 * Math.log(gridRatio))) return null;
    if (Math.abs(next - tau) < 1e-9 * tau) return next;
    tau = next;
  }
  return tau;
}
