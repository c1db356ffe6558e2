import { designOf, further, type Readings, WhitenedDesign } from './design.js';
import {
  bent,
  type Explanation,
  fillingColumns,
  loose,
  pairColumns,
  paired,
  type Setting,
  straight,
} from './explanation.js';
import { gridRatio, type Transient, transientColumn } from './transient.js';

/** 0.985 is all but a random walk; beyond it a run as short as these cannot tell. */
const autocorrelations = [0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.87, 0.95, 0.985];

export interface Grid {
  transients: readonly Transient[];
  /** Transients to be believed only where growth is seen to slow down. */
  slow?: readonly Transient[];
  autocorrelated?: boolean;
}

/** Every explanation of a series in the grid, and around the best time constant those between. */
export function explain(readings: Readings, steps: readonly number[], grid: Grid): Explanation[] {
  const { transients, slow = [], autocorrelated = true } = grid;
  const design = designOf(readings, steps);
  const count = readings.u.length;
  const freedom = Math.max(count - 2 - steps.length - (transients.length > 0 ? 1 : 0), 1);
  const setting = { design, freedom, rounding: count * readings.floor ** 2 };
  const fits = (autocorrelated ? autocorrelations : [0]).map(phi => new WhitenedDesign(design, phi));
  const found = fits.map(fit => straight(fit, setting));
  const add = (transient: Transient) => {
    if (transient.kind === 'pair') {
      const columns = pairColumns(setting, transient);
      for (const fit of fits) {
        const explanation = paired(fit, setting, columns);
        if (explanation) found.push(explanation);
      }
      return;
    }
    const column = further(design, transientColumn(transient, readings.u));
    for (const fit of fits) {
      const explanation = bent(fit, setting, transient, column);
      if (explanation) found.push(explanation);
    }
  };
  transients.forEach(add);
  if (slowsDown(found)) slow.forEach(add);
  refine(fits, setting, found, add);
  return found;
}

/** Akaike's price (1974) of a transient: its rise, and its position or time constant. */
export const transientPrice = 4;

function slowsDown(found: readonly Explanation[]): boolean {
  const least = (wanted: (each: Explanation) => boolean) =>
    found.reduce(
      (low, each) => (wanted(each) ? Math.min(low, each.deviance) : low),
      Number.POSITIVE_INFINITY,
    );
  const filling = least(({ transient }) => transient?.kind === 'filling');
  return filling + transientPrice < least(({ transient }) => transient === null);
}

/**
 * Where the readings determine a time constant more closely than the grid is spaced, finds it by Gauss
 * and Newton's steps, and adds explanations in which the growth's uncertainty includes that of tau.
 */
function refine(
  fits: readonly WhitenedDesign[],
  setting: Setting,
  found: Explanation[],
  add: (transient: Transient) => void,
): void {
  let settled = 0;
  // The best autocorrelation depends on the time constant and the other way round: three turns do.
  for (let turn = 0; turn < 3; turn++) {
    const best = likeliestFilling(found);
    if (!best) return;
    const fit = fits.find(({ phi }) => phi === best.phi)!;
    const tau = bestTau(fit, setting, best.tau);
    if (tau === null || Math.abs(tau - settled) < 1e-6 * tau) return;
    add({ kind: 'filling', tau });
    const columns = fillingColumns(setting, tau);
    for (const each of fits) {
      const free = loose(each, setting, columns);
      if (free && free.uncertainty < Math.log(gridRatio) / 2) found.push(free.explanation);
    }
    settled = tau;
  }
}

function bestTau(fit: WhitenedDesign, setting: Setting, start: number): number | null {
  let tau = start;
  for (let i = 0; i < 8; i++) {
    const free = loose(fit, setting, fillingColumns(setting, tau));
    if (!free) return null;
    const next = tau * Math.exp(free.correction);
    if (!(Math.abs(Math.log(next / start)) < 2 * Math.log(gridRatio))) return null;
    if (Math.abs(next - tau) < 1e-9 * tau) return next;
    tau = next;
  }
  return tau;
}

function likeliestFilling(found: readonly Explanation[]): { phi: number; tau: number } | null {
  let least = Number.POSITIVE_INFINITY;
  let best: { phi: number; tau: number } | null = null;
  for (const { phi, transient, deviance } of found) {
    if (transient?.kind !== 'filling' || deviance >= least) continue;
    least = deviance;
    best = { phi, tau: transient.tau };
  }
  return best;
}
