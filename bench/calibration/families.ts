import type { Point } from '../../src/verdict/verdict.js';
import { between, heavyTailed, type Random, whole } from './random.js';

/** Bytes per upload that count as flat, and uploads per round. Everything below is in multiples of these. */
export const margin = 32;
export const perRound = 100;
export const rounds = 96;

/**
 * Growth at the margin, per round. Noise of "6 x margin per round" has a standard deviation of 6 of these.
 */
export const marginPerRound = margin * perRound;

export interface Cell {
  family: string;
  /** Growth as a multiple of the margin; 0 is flat. */
  leak: number;
  /** Standard deviation of the noise as a multiple of the margin per round. */
  noise: number;
}

export interface Simulated {
  points: Point[];
  /** True growth per upload; a range where the growth has no single rate. */
  truth: readonly [low: number, high: number];
}

interface Making extends Cell {
  random: Random;
  /** Uploads completed after each round. */
  uploads: number[];
  /** Standard deviation of the noise, in bytes. */
  sd: number;
  /** How high steps and teeth are compared: with the noise, or the margin per round if there is none. */
  yard: number;
}

interface Family {
  /** What the series does besides leaking, per round; noise not included. */
  shape?: (making: Making) => number[];
  noise?: (making: Making) => number[];
  uploads?: (random: Random) => number[];
  /** How a leak of this many bytes per upload shows, if not as a straight line. */
  leaked?: (making: Making, bytes: number) => number[];
  truth?: (bytes: number) => [number, number];
  round?: number;
}

const each = (make: (round: number) => number) => Array.from({ length: rounds }, (_, i) => make(i + 1));
const none = () => each(() => 0);

export const families: Record<string, Family> = {
  'independent noise': {},
  'AR(1), phi 0.5': { noise: making => autoregressive(making, 0.5) },
  'AR(1), phi 0.9': { noise: making => autoregressive(making, 0.9) },
  'one step up': { shape: making => steps(making, [13]) },
  'one step down': { shape: making => steps(making, [-13]) },
  'three random steps': {
    shape: making =>
      steps(
        making,
        [0, 0, 0].map(() => sign(making.random) * between(making.random, 5, 20)),
      ),
  },
  'cache, tau 3': { shape: making => cache(making, 3) },
  'cache, tau 8': { shape: making => cache(making, 8) },
  'cache, tau 24': { shape: making => cache(making, 24) },
  'cache, tau 60': { shape: making => cache(making, 60) },
  'ring, full in round 6': { shape: making => ring(making, 6) },
  'ring, full in round 20': { shape: making => ring(making, 20) },
  sawtooth: { shape: sawtooth },
  'heavy tails, t(2)': { noise: heavy },
  'pages of 4 KiB': { round: 4096 },
  'uneven rounds': { uploads: random => summed(each(() => whole(random, 20, 180))) },
  'slice doubling': { leaked: slice, truth: bytes => [(bytes * 24) / 25, (bytes * 26) / 25] },
  'one upload in fifty': { leaked: fiftieth },
  'starts in round 6': {
    leaked: ({ uploads }, bytes) => uploads.map((x, i) => (i < 5 ? 0 : bytes * (x - uploads[4]!))),
  },
};

/** These series are defined by their leak: there is no flat one. */
export const onlyLeaking = ['slice doubling', 'one upload in fifty', 'starts in round 6'];

/** Full too late for any method to tell them from a leak at every look. */
export const slow = ['cache, tau 60', 'ring, full in round 20'];

export function simulate(cell: Cell, random: Random): Simulated {
  const family = families[cell.family]!;
  const uploads = (family.uploads ?? (() => each(round => round * perRound)))(random);
  const sd = cell.noise * marginPerRound;
  const making = { ...cell, random, uploads, sd, yard: Math.max(sd, marginPerRound) };
  const bytes = cell.leak * margin;
  const shape = (family.shape ?? none)(making);
  const noise = (family.noise ?? independent)(making);
  const leaked = cell.leak === 0 ? none() : (family.leaked ?? straight)(making, bytes);
  const lump = family.round ?? 1;
  const values = shape.map((value, i) => 5e7 + value + noise[i]! + leaked[i]!);
  return {
    points: values.map((value, i) => ({ uploads: uploads[i]!, value: Math.round(value / lump) * lump })),
    truth: family.truth?.(bytes) ?? [bytes, bytes],
  };
}

function straight({ uploads }: Making, bytes: number): number[] {
  return uploads.map(x => x * bytes);
}

function independent({ random, sd }: Making): number[] {
  return each(() => sd * random.normal());
}

function autoregressive({ random, sd }: Making, phi: number): number[] {
  let state = random.normal();
  return each(() => {
    const now = state;
    state = phi * state + Math.sqrt(1 - phi * phi) * random.normal();
    return sd * now;
  });
}

/** Half of these values lie where half of normal ones would. */
function heavy({ random, sd }: Making): number[] {
  return each(() => sd * heavyTailed(random) * (0.6744897501960817 / Math.sqrt(2 / 3)));
}

/** Steps of this many times the noise, each before a random round up to the fortieth. */
function steps({ random, yard }: Making, heights: number[]): number[] {
  const all = heights.map(height => ({ height: height * yard, from: whole(random, 2, 40) }));
  return each(round => all.reduce((sum, step) => sum + (round >= step.from ? step.height : 0), 0));
}

function cache({ random }: Making, tau: number): number[] {
  const rise = riseOf(random);
  return each(round => rise * -Math.expm1(-round / tau));
}

function ring({ random }: Making, full: number): number[] {
  const rise = riseOf(random);
  return each(round => rise * Math.min(round / full, 1));
}

/**
 * The total rise of what fills: 30 to 3,000 times the margin per round, every order of magnitude equally
 * likely.
 */
function riseOf(random: Random): number {
  return marginPerRound * 30 * 100 ** random.uniform();
}

function sawtooth({ random, yard }: Making): number[] {
  const period = [2, 3, 5, 8, 13][whole(random, 0, 4)]!;
  const phase = random.uniform() * period;
  return each(round => (10 * yard * ((round + phase) % period)) / period);
}

/** Objects of 16 bytes in a Go slice of pointers: `append` doubles up to 256, then adds a quarter and 192. */
function slice({ uploads }: Making, bytes: number): number[] {
  let capacity = 1;
  return uploads.map(x => {
    while (capacity < x)
      capacity = capacity < 256 ? 2 * capacity : Math.floor(capacity + (capacity + 768) / 4);
    return (bytes / 25) * (16 * x + 8 * capacity);
  });
}

/** One upload in fifty, at random, leaves fifty times as much. */
function fiftieth({ random, uploads }: Making, bytes: number): number[] {
  let left = 0;
  let upload = 0;
  return uploads.map(x => {
    for (; upload < x; upload++) if (random.uniform() < 0.02) left++;
    return left * 50 * bytes;
  });
}

function sign(random: Random): number {
  return random.uniform() < 0.5 ? -1 : 1;
}

function summed(values: number[]): number[] {
  let total = 0;
  return values.map(value => (total += value));
}
