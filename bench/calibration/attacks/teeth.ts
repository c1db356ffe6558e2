import { between } from '../random.js';
import {
  always,
  bytes,
  each,
  type Family,
  logBetween,
  type Making,
  onlyLeaks,
  recurring,
  type Shape,
  shape,
} from './making.js';

/** What rises and falls again. */
export const teeth: Record<string, Family> = {
  'rotation, 5 to 10': { ...bytes, shape: making => rotation(making, 5, 10) },
  'rotation, 10 to 20': { ...bytes, shape: making => rotation(making, 10, 20) },
  'rotation, 20 to 40': {
    ...bytes,
    shape: making => rotation(making, 20, 40),
    unknowable: always('a straight line until it first falls, after 2,000 uploads'),
  },
  'lazy collection, tops level off': { ...bytes, shape: levelling },
  'lazy collection, tops keep rising': {
    ...bytes,
    leaks: onlyLeaks,
    leaked: rising,
    truth: leak => [leak, (1 + paced) * leak],
  },
  evictions: { ...bytes, shape: evictions },
};

/** From one fall to the next it rises by the same per round, by 10 to 60 U in all. */
function rotation(making: Making, low: number, high: number): Shape {
  const perRound = (logBetween(making.random, 10, 60) * making.unit * 2) / (low + high);
  const falls = recurring(making.random, low, high);
  return shape(making, round => perRound * (round - lastOf(falls, round)));
}

/** Garbage is collected when it has reached a goal that itself levels off. */
function levelling(making: Making): Shape {
  const { random, unit } = making;
  const height = logBetween(random, 10, 100) * unit;
  const tau = between(random, 2, 10);
  const place = placeInTooth(making);
  return shape(making, round => height * (1 - 0.7 * Math.exp(-round / tau)) * place(round));
}

/** How much higher the goal of a collection is for what is live (GOGC=25). */
const paced = 0.25;

/** Teeth grow with what is live, so their tops rise faster than it. */
function rising(making: Making): number[] {
  const { random, unit, leak } = making;
  const height = logBetween(random, 10, 60) * unit;
  const place = placeInTooth(making);
  return each(making, (round, { uploads }) => {
    const live = leak * uploads;
    return live + (height + paced * live) * place(round);
  });
}

/** How far a tooth of 3 to 8 rounds has risen, from 0 to 1. */
function placeInTooth({ random }: Making): (round: number) => number {
  const period = between(random, 3, 8);
  const phase = random.uniform() * period;
  return round => ((round + phase) % period) / period;
}

/** Rises, falls to a fifth of it, rises again to where it fell. */
function evictions(making: Making): Shape {
  const { random, unit } = making;
  const height = logBetween(random, 10, 100) * unit;
  const first = between(random, 5, 15);
  const falls = [0, ...recurring(random, 0.7 * first, 1.3 * first)];
  return shape(making, round => {
    const from = lastOf(falls, round);
    const floor = from === 0 ? 0 : 0.2;
    return height * Math.min(1, floor + (round - from) / first);
  });
}

function lastOf(rounds: readonly number[], round: number): number {
  return rounds.findLast(each => each <= round) ?? 0;
}
