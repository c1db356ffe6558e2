import { schedule } from '../../../src/hunt/schedule.js';
import { defaultMargins } from '../../../src/verdict/margins.js';
import type { SeriesPoint } from '../../../src/verdict/series.js';
import { between, type Random } from '../random.js';
import { families } from './families.js';
import {
  each,
  type Family,
  logBetween,
  type Making,
  type Moment,
  perRound,
  readingSeconds,
  roundSeconds,
  type Shape,
} from './making.js';
import { independent } from './noise.js';

export interface Cell {
  family: string;
  /** Growth as a multiple of the margin; 0 is flat. */
  leak: number;
}

export interface Simulated {
  making: Making;
  shape: Shape;
  /** One for each moment of the hunt; undefined where the reading is missing. */
  points: (SeriesPoint | undefined)[];
  /** The readings without noise and without the shape: the initial value and the leak. */
  beside: number[];
}

const mostRounds = 96;
const asHunt = [...momentsOf(2)];
const uploadsOnly = [...momentsOf(0)].filter(({ kind }) => kind === 'upload');

/** The readings of a hunt that goes on to the end. */
function* momentsOf(warmUpRounds: number): Generator<Moment> {
  let uploads = 0;
  let seconds = 0;
  for (const step of schedule({ warmUpRounds, rounds: 'auto', maxRounds: mostRounds, sizes: 1 })) {
    const { kind, blank, round, look } = step;
    if (kind === 'upload' || kind === 'warm-up') uploads += perRound;
    seconds += readingSeconds + (kind === 'start' || blank === 'short' ? 0 : roundSeconds);
    yield { kind, round, uploads, seconds, look };
  }
}

export function simulate(cell: Cell, random: Random): Simulated {
  const family = families[cell.family]!;
  const margin = defaultMargins[family.resource];
  const unit = margin * perRound;
  const moments = family.asHunt ? asHunt : uploadsOnly;
  const sd = logBetween(random, 0.2, 4) * unit;
  const making: Making = { random, moments, leak: cell.leak * margin, unit, sd };
  const shape = family.shape?.(making) ?? { values: each(making, () => 0) };
  const leaked = (family.leaked ?? straight)(making);
  const values = shape.values.map((value, i) => value + leaked[i]!);
  const noise = (family.noise ?? independent)(making, values);
  const start = levelOf(family, random);
  const noisy = values.map((value, i) => Math.round(start + value + noise[i]!));
  const readings = family.read?.(making, noisy) ?? noisy;
  const points = readings.map((value, i): SeriesPoint | undefined => {
    const { uploads, kind: round, seconds } = moments[i]!;
    return value === undefined ? undefined : { uploads, value, round, seconds };
  });
  return { making, shape, points, beside: leaked.map(value => start + value) };
}

/** The value before the first upload; its lumps may begin anywhere. */
function levelOf({ resource }: Family, random: Random): number {
  return resource === 'heap' ? between(random, 5e7, 6e7) : 20;
}

function straight(making: Making): number[] {
  return each(making, (_, { uploads }) => making.leak * uploads);
}
