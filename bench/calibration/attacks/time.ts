import { between } from '../random.js';
import {
  always,
  bytes,
  type Family,
  logBetween,
  type Making,
  perRound,
  roundSeconds,
  type Shape,
  shape,
} from './making.js';

const drains = {
  ...bytes,
  asHunt: true,
  lately: true,
  unknowable: (leak: number) =>
    leak > 0
      ? 'what drains is more than what leaks: the rest tells them apart, the rounds cannot'
      : undefined,
} as const;

/** Growth that goes by the clock, with uploads or without. */
export const byTime: Record<string, Family> = {
  'growth per second': { ...bytes, asHunt: true, shape: perSecond },
  'growth per reading': { ...bytes, asHunt: true, shape: perReading },
  'bursts every 10 s': {
    ...bytes,
    asHunt: true,
    shape: bursts,
    unknowable: always('blank rounds of 2 s rarely meet a burst: only a longer rest can tell'),
  },
  'kept for 8 to 60 s': { ...drains, shape: keptForAWhile },
  'queue worked off too slowly': { ...drains, shape: queue },
};

function perSecond(making: Making): Shape {
  const rate = logBetween(making.random, 0.25, 5) * making.unit;
  const { moments } = making;
  return {
    ...shape(making, (_, { seconds }) => rate * seconds),
    afterRest: (at, seconds) => rate * (moments[at]!.seconds + seconds),
  };
}

function perReading(making: Making): Shape {
  const rate = logBetween(making.random, 0.5, 10) * making.unit;
  return {
    ...shape(making, (_, __, index) => rate * index),
    afterRest: (at, _, readings) => rate * (at + readings),
  };
}

function bursts(making: Making): Shape {
  const height = logBetween(making.random, 5, 60) * making.unit;
  const phase = between(making.random, 0, 10);
  return shape(making, (_, { seconds }) => height * Math.floor((seconds + phase) / 10));
}

/** Every upload is kept for the same time, and then dropped. */
function keptForAWhile(making: Making): Shape {
  const kept = (logBetween(making.random, 2, 40) * making.unit) / perRound;
  const lifetime = between(making.random, 8, 60);
  const { moments } = making;
  const heldAt = (at: number, now: number) =>
    kept * (moments[at]!.uploads - uploadsAt(making, now - lifetime));
  return {
    values: moments.map(({ seconds }, i) => heldAt(i, seconds)),
    afterRest: (at, seconds) => Math.max(0, heldAt(at, moments[at]!.seconds + seconds)),
  };
}

/** Uploads completed at a moment between two readings. */
function uploadsAt({ moments }: Making, seconds: number): number {
  const after = moments.findIndex(moment => moment.seconds > seconds);
  if (after === 0) return 0;
  if (after === -1) return moments.at(-1)!.uploads;
  const [from, to] = [moments[after - 1]!, moments[after]!];
  const begun = to.seconds - roundSeconds;
  const done = Math.min(1, Math.max(0, (seconds - begun) / roundSeconds));
  return from.uploads + done * (to.uploads - from.uploads);
}

/** A worker does 40 to 95 of the 100 that come in the time of a round. */
function queue(making: Making): Shape {
  const { random, unit, moments } = making;
  const size = (logBetween(random, 2, 40) * unit) / perRound;
  const perSecond = (between(random, 0.4, 0.95) * perRound) / roundSeconds;
  let queued = 0;
  const lengths = moments.map(({ uploads, seconds }, i) => {
    const before = moments[i - 1] ?? { uploads: 0, seconds: 0 };
    queued = Math.max(0, queued + uploads - before.uploads - perSecond * (seconds - before.seconds));
    return queued;
  });
  return {
    values: lengths.map(length => length * size),
    afterRest: (at, seconds) => size * Math.max(0, lengths[at]! - perSecond * seconds),
  };
}
