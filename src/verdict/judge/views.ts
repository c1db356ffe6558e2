import { batched } from '../../statistics/batches.js';
import { type Observations, stepsWithin } from '../../statistics/design.js';
import type { Fit } from '../../statistics/fit.js';
import { fitsOf, type Grid } from '../../statistics/fits.js';
import { type Cleaned, type LevelShift, removeOutliers } from '../../statistics/outliers.js';
import { leastDoubted, profileInterval, simplest } from '../../statistics/profile-interval.js';
import { type Teeth, teethOf } from '../../statistics/teeth.js';
import { bendGrid, bendsAt, fillingGrid, ringGrid, slowGrid, stepGrid } from '../../statistics/transient.js';
import type { Interval } from '../verdict.js';
import type { NormalizedSeries } from './series.js';
import { bounded, chosenTail, reportedTail, ringTail } from './settings.js';
import { drawdown, drawdownBy, greatestDrawdown, greatestDrawdownBy, lastingRise } from './steps.js';

/** An explained series, or part of one. Rates are in the resource's unit per upload. */
export interface View {
  readings: number;
  /** The chance of missing either bound of the interval it reports. */
  tail: number;
  fits: Fit[];
  /** Rings that may have become full too recently to show. */
  alternatives: Fit[];
  best: Fit;
  /** The factor from growth over the view's length to growth per upload. */
  perUpload: number;
  /** Rise in steps too recent to be called the last ones. */
  risen: number;
  /** What falls took back, and would have taken if the next one came now, unless growth has outgrown it. */
  drawdown: number;
  /** The same, had growth never outgrown it. */
  greatestDrawdown: number;
}

export interface Views {
  cleaned: Cleaned;
  whole: View;
  /** The second half, which is free of warm-up; null if it is too short. */
  later: View | null;
  /** Ten means, in which fluctuations have cancelled out; null if they would hide a step. */
  means: View | null;
  /**
   * From the first fall on, at equal distance from the fall before; null if too few falls show what they
   * leave.
   */
  teeth: View | null;
}

/** Longer series are judged by means of neighbouring readings: more would cost time and add little. */
const mostReadings = 250;

const fewestForTransients = 6;
const fewestForLater = 8;
const fewestForMeans = 40;
const fewestFalls = 4;
const means = 10;

export function viewsOf(series: NormalizedSeries): Views {
  const all = series.readings;
  const count = Math.min(all.u.length, mostReadings);
  const cleaned = removeOutliers(count < all.u.length ? batched(all, count) : all, gridFor(count));
  const { readings, steps, fits } = cleaned;
  const rate = series.unit / series.span;
  const positions = steps.map(({ at }) => at);
  const whole: Stretch = { from: 0, length: 1, readings, steps: positions };
  const half = laterHalf(cleaned);

  const view = (part: Stretch, tail: number, fits: Fit[], alternatives: Fit[] = []): View => {
    const best = simplest(fits);
    const perUpload = rate / part.length;
    const taken = perUpload * drawdown(steps, best.growth / part.length, part.from);
    const atMost = perUpload * greatestDrawdown(steps, part.from);
    const risen = rate * lastingRise([...steps, ...stepsOf(best, part)], count);
    return {
      readings: part.readings.u.length,
      tail,
      fits,
      alternatives,
      best,
      perUpload,
      risen,
      drawdown: taken,
      greatestDrawdown: atMost,
    };
  };
  const later = () => view(half, chosenTail, explainPart(half), ringsIn(half));
  const tenMeans = () => view(whole, chosenTail, fitsOf(batched(readings, means), [], gridForMeans));
  // Means of neighbouring readings have no teeth.
  const teeth = count === all.u.length ? teethOf(all) : null;
  const inTeeth = ({ start, since, blur }: Teeth) => {
    const rest = part(all, start);
    const beside = [since, since.map((each, i) => each * rest.readings.u[i]!)];
    const grid = { ...gridFor(rest.readings.u.length), beside };
    const explained = fitsOf(rest.readings, [], grid);
    const off = (rate / rest.length) * blur;
    return { ...view(rest, chosenTail, explained), fallen: off, greatestDrawdown: off, risen: off };
  };
  const showsShape = half.readings.u.length - half.steps.length >= fewestForLater;
  const showsMeans = count >= fewestForMeans && steps.length === 0;
  return {
    cleaned,
    whole: view(whole, reportedTail, fits, ringsIn(whole)),
    later: showsShape ? later() : null,
    means: showsMeans ? tenMeans() : null,
    teeth: teeth && teeth.falls >= fewestFalls ? inTeeth(teeth) : null,
  };
}

/** A change of level that explains a view, with the view's place in the whole run. */
function stepsOf({ transient, rise }: Fit, { from, length }: Stretch): LevelShift[] {
  return transient?.kind === 'step' ? [{ at: from + transient.at * length, height: rise }] : [];
}

/** A part of a run as a run of its own: its start, its length, and the steps in it. */
interface Stretch {
  from: number;
  length: number;
  readings: Observations;
  steps: number[];
}

function laterHalf({ readings, steps }: Cleaned): Stretch {
  return part(
    readings,
    readings.u.findIndex(at => at >= 0.5),
    steps,
  );
}

/** The readings from number `start` on. */
function part(
  { u, y, floor, weights }: Observations,
  start: number,
  steps: readonly LevelShift[] = [],
): Stretch {
  const from = u[start] ?? 0;
  const length = (u.at(-1) ?? 0) - from;
  const within = (at: number) => (at - from) / length;
  const readings = {
    u: u.subarray(start).map(within),
    y: y.subarray(start),
    floor,
    weights: weights?.subarray(start),
  };
  const positions = stepsWithin(
    readings.u,
    steps.map(({ at }) => within(at)),
  );
  return { from, length, readings, steps: positions };
}

function explainPart({ readings, steps }: Stretch): Fit[] {
  return fitsOf(readings, steps, gridFor(readings.u.length));
}

function ringsIn({ readings, steps }: Stretch): Fit[] {
  if (readings.u.length < fewestForTransients) return [];
  return fitsOf(readings, steps, { transients: ringGrid }).filter(({ transient }) => transient !== null);
}

/**
 * A cache slower than the run looks like a leak. It is believed, up to twice the run's length, if growth is
 * seen to slow down.
 */
function gridFor(readings: number): Grid {
  if (readings < fewestForTransients) return { transients: [], autocorrelated: false };
  return {
    transients: [...fillingGrid(readings, 1), ...bendGrid, ...stepGrid],
    slow: slowGrid(readings),
  };
}

/** Means of many readings have neither memory left nor room for much of a shape. */
const gridForMeans: Grid = {
  transients: bendsAt([1 / 2, 2 / 3]),
  autocorrelated: false,
};

/** The growth per upload that a view makes plausible, either bound missed with probability `tail`. */
export function growthOf(view: View, tail: number, charge = drawdownBy): Interval {
  const { fits, alternatives, perUpload, best } = view;
  const { low, high } = profileInterval(fits, tail, charge);
  const least = Math.min(low, leastDoubted(fits, alternatives, ringTail));
  return bounded(least * perUpload, best.growth * perUpload, high * perUpload);
}

/** The interval to report: falls and recent rises count if the series may move that way. */
export function reportedGrowth(view: View): Interval {
  const { low, estimate, high } = growthOf(view, view.tail, greatestDrawdownBy);
  return bounded(low - view.greatestDrawdown, estimate, high + view.risen);
}
