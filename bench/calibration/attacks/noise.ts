import { between, whole } from '../random.js';
import { bytes, each, type Family, logBetween, type Making, type Shape, shape, sign } from './making.js';

/**
 * Noise that is not independent from reading to reading, or not always of the same size; and missing
 * readings.
 */
export const noises: Record<string, Family> = {
  'noise that grows with the level': { ...bytes, shape: warmUp, noise: byLevel },
  'AR(1), phi 0.6': { ...bytes, noise: making => autoregressive(making, 0.6) },
  'AR(1), phi 0.8': { ...bytes, noise: making => autoregressive(making, 0.8) },
  'spikes up': { ...bytes, noise: making => spikes(making, 1, 1) },
  'spikes down': { ...bytes, noise: making => spikes(making, -1, 1) },
  'spikes of two readings': { ...bytes, noise: making => spikes(making, sign(making.random), 2) },
  'a fifth is missing': {
    ...bytes,
    read: ({ random }, values) => values.map(value => (random.uniform() < 0.2 ? undefined : value)),
  },
  'a block is missing': { ...bytes, read: blockMissing },
  'walk of 0.5': { ...bytes, shape: making => walk(making, 0.5) },
  'walk of 2': { ...bytes, shape: making => walk(making, 2) },
};

export function independent(making: Making): number[] {
  return each(making, () => making.sd * making.random.normal());
}

function autoregressive(making: Making, phi: number): number[] {
  const { random, sd } = making;
  let state = random.normal();
  return each(making, () => {
    const now = state;
    state = phi * state + Math.sqrt(1 - phi * phi) * random.normal();
    return sd * now;
  });
}

function warmUp(making: Making): Shape {
  const height = logBetween(making.random, 10, 60) * making.unit;
  const tau = between(making.random, 1, 5);
  return shape(making, round => -height * Math.expm1(-round / tau));
}

function byLevel(making: Making, values: readonly number[]): number[] {
  const { random, sd } = making;
  const share = logBetween(random, 0.005, 0.05);
  return values.map(value => Math.hypot(sd, share * value) * random.normal());
}

/** One reading in a hundred begins a spike of 30 to 1,000 U. */
function spikes(making: Making, up: number, length: number): number[] {
  const { random, unit } = making;
  const values = independent(making);
  for (let i = 0; i < values.length; i++) {
    if (random.uniform() >= 0.01) continue;
    const height = up * logBetween(random, 30, 1000) * unit;
    const end = Math.min(i + length, values.length);
    for (; i < end; i++) values[i]! += height;
  }
  return values;
}

/** The target was away for 3 to 8 rounds, and is at another level when it is back. */
function blockMissing(making: Making, values: readonly number[]): (number | undefined)[] {
  const { random, unit, moments } = making;
  const from = whole(random, 5, 40);
  const to = from + whole(random, 3, 8);
  const step = sign(random) * between(random, 5, 60) * unit;
  return values.map((value, i) => {
    const { round } = moments[i]!;
    if (round >= from && round < to) return undefined;
    return round >= to ? value + step : value;
  });
}

function walk(making: Making, perRound: number): Shape {
  let level = 0;
  return shape(making, () => (level += perRound * making.unit * making.random.normal()));
}
