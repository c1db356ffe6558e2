import { whiten } from './autoregression.js';
import { spikeScores, stepScores, type Whitened } from './candidates.js';
import { orthogonal, orthonormal, product } from './columns.js';
import { type Observations, stepsWithin, weighted } from './design.js';
import { evened } from './evenness.js';
import type { Fit } from './fit.js';
import { fitsOf, type Grid } from './fits.js';
import { robustScale } from './order.js';
import { simplest } from './profile-interval.js';
import { studentUpperQuantile } from './student.js';
import { stepColumn, transientColumn } from './transient.js';

/** A change of level, `at` the position of the first reading on the new one. */
export interface LevelShift {
  at: number;
  height: number;
}

export interface Cleaned {
  /** Without the spikes. */
  readings: Observations;
  steps: LevelShift[];
  spikes: number;
  fits: Fit[];
}

/** An exception is found in a quiet series once in a thousand times. */
const falseExceptions = 0.001;

/**
 * Finds changes of level and single wild readings: fits, tests each reading for either, and fits again (Chen
 * & Liu 1993). Steps become columns of the model, wild readings are taken out. If there are more steps than
 * exceptions can be, the series moves that way: then none is taken out.
 */
export function removeOutliers(data: Observations, grid: Grid, stepsAllowed = stepLimit(data)): Cleaned {
  const mostSpikes = Math.floor(data.u.length / 8);
  let steps: number[] = [];
  let readings = data;
  for (;;) {
    const fits = fitsOf(readings, steps, grid);
    const plain = simplest(fits.filter(({ transient }) => transient?.kind !== 'step'));
    const fit = fitted(readings, steps, plain);
    const found = standingOut(readings, fit);
    const spikes = data.u.length - readings.u.length;
    if (found.step !== null && stepsAllowed > 0) {
      if (steps.length === stepsAllowed) return removeOutliers(data, grid, 0);
      steps.push(found.step);
      const excursion = shortExcursion(readings, steps, heightsOf(readings, steps, plain));
      if (excursion && spikes + excursion.readings.size <= mostSpikes) {
        readings = without(readings, excursion.readings);
        steps = steps.filter(at => !excursion.steps.has(at));
      }
    } else if (found.spikes.length > 0 && spikes < mostSpikes) {
      readings = without(readings, new Set(found.spikes.slice(0, mostSpikes - spikes)));
      steps = stepsWithin(readings.u, steps);
    } else {
      const weights =
        readings.weights || plain.phi > 0 ? null : weightsFor(data, readings, fit, steps, plain);
      if (weights) return removeOutliers({ ...data, weights }, grid, stepsAllowed);
      const heights = heightsOf(readings, steps, plain);
      return {
        readings,
        steps: steps.map((at, i) => ({ at, height: heights[i]! })),
        spikes,
        fits,
      };
    }
  }
}

/** One step in a dozen readings, and never more than four. */
function stepLimit({ u }: Observations): number {
  return Math.min(4, Math.floor(u.length / 12));
}

function columnsOf({ u }: Observations, steps: readonly number[], transient: Fit['transient']) {
  const columns = [new Float64Array(u.length).fill(1), u, ...steps.map(at => stepColumn(at, u))];
  return transient ? [...columns, transientColumn(transient, u)] : columns;
}

function fitted(readings: Observations, steps: readonly number[], { phi, transient }: Fit): Whitened {
  const made = (column: Float64Array) => whiten(weighted(column, readings), phi);
  const directions = orthonormal(columnsOf(readings, steps, transient).map(made));
  return {
    phi,
    directions,
    residuals: orthogonal(made(readings.y), directions),
    weights: readings.weights ?? new Float64Array(readings.u.length).fill(1),
  };
}

/**
 * Weights for all of the data, if the noise of the rest grows with the level; a spike gets the weight of the
 * reading before it.
 */
function weightsFor(
  data: Observations,
  left: Observations,
  { residuals }: Whitened,
  steps: readonly number[],
  { transient }: Fit,
): Float64Array | null {
  const beside = orthogonal(left.y, orthonormal(columnsOf(left, steps, transient)));
  const weights = evened(
    left.y.map((value, i) => value - beside[i]!),
    residuals,
  );
  return (
    weights &&
    data.u.map(
      at =>
        weights[
          Math.max(
            left.u.findLastIndex(each => each <= at),
            0,
          )
        ]!,
    )
  );
}

/** The step that stands out most or, failing that, the readings that stand out alone, the wildest first. */
function standingOut({ u, floor }: Observations, fit: Whitened): { step: number | null; spikes: number[] } {
  const count = u.length;
  const freedom = Math.max(count - fit.directions.length, 1);
  const scale = Math.max(robustScale(fit.residuals) * Math.sqrt(count / freedom), floor);
  // For the scale, the median deviation says as much as half as many readings would by their squares.
  const limit = scale * studentUpperQuantile(falseExceptions / (4 * count), Math.max(freedom / 2, 1));
  const steps = stepScores(fit);
  const spikes = spikeScores(fit);
  // The last two readings cannot show that a new level does not last.
  const wild = Array.from(spikes.keys()).filter(i => spikes[i]! > limit && i < count - 2);
  wild.sort((a, b) => spikes[b]! - spikes[a]!);
  const wildest = wild.length > 0 ? spikes[wild[0]!]! : limit;
  let step = 0;
  for (let i = 1; i < count; i++) if (steps[i]! > (step > 0 ? steps[step]! : wildest * (1 + 1e-9))) step = i;
  return { step: step > 0 ? u[step]! : null, spikes: wild };
}

/**
 * A step's height is its coefficient: the readings projected on the part of it that no other column explains.
 */
function heightsOf(readings: Observations, steps: readonly number[], { phi, transient }: Fit): number[] {
  const made = (column: Float64Array) => whiten(weighted(column, readings), phi);
  return steps.map((at, i) => {
    const others = columnsOf(
      readings,
      steps.filter((_, j) => j !== i),
      transient,
    );
    const alone = orthogonal(made(stepColumn(at, readings.u)), orthonormal(others.map(made)));
    const length = product(alone, alone);
    return length > 1e-12 ? product(alone, made(readings.y)) / length : 0;
  });
}

/** A level that lasts no longer than this many readings is as wild as a single one. */
const longestExcursion = 2;
/** The share of a step that is left after the one that takes it back. */
const mostLeft = 1 / 4;

/**
 * Two steps, the second of which takes the first back at once, if there are such, and the readings between
 * them.
 */
function shortExcursion(
  { u }: Observations,
  steps: readonly number[],
  heights: readonly number[],
): { steps: Set<number>; readings: Set<number> } | undefined {
  const order = Array.from(steps.keys()).sort((a, b) => steps[a]! - steps[b]!);
  for (const [k, first] of order.entries()) {
    const second = order[k + 1];
    if (second === undefined) return undefined;
    const [from, to] = [steps[first]!, steps[second]!];
    const between = Array.from(u.keys()).filter(i => u[i]! >= from && u[i]! < to);
    const left = Math.abs(heights[first]! + heights[second]!);
    if (between.length <= longestExcursion && left < mostLeft * Math.abs(heights[first]!))
      return { steps: new Set([from, to]), readings: new Set(between) };
  }
  return undefined;
}

function without({ u, y, floor, weights }: Observations, left: ReadonlySet<number>): Observations {
  const kept = (values: Float64Array) => values.filter((_, i) => !left.has(i));
  return { u: kept(u), y: kept(y), floor, weights: weights && kept(weights) };
}
