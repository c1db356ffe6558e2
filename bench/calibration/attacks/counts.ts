import { between, whole } from '../random.js';
import { atOnce, oneIn, perConnection, startingAt } from './late.js';
import {
  allLeaks,
  each,
  type Family,
  logBetween,
  type Making,
  perRound,
  recurring,
  type Shape,
  shape,
} from './making.js';

const things = { resource: 'goroutines', leaks: allLeaks, noise: none } as const;

/** Goroutines, files, sockets: whole numbers. A leak of 20 margins is 1.00 per upload. */
export const counts: Record<string, Family> = {
  'things: a whole number per upload': { ...things, leaks: [0, 20, 40] },
  'things: one in two uploads': { ...things, leaks: [10], leaked: making => oneIn(2, making) },
  'things: one per connection': { ...things, leaks: [2], leaked: perConnection },
  'things: one in three uploads': { ...things, leaks: [20 / 3], leaked: making => oneIn(3, making) },
  'things: 50 at once every 500': { ...things, leaks: [2], leaked: making => atOnce(500, making) },
  'things: starts at upload 1,200': { ...things, ...startingAt(1200), leaks: [6, 20] },
  'things: starts at upload 3,000': { ...things, ...startingAt(3000), leaks: [6, 20] },
  'things: pool that fills': { ...things, shape: pool },
  'things: pool that idles away': { ...things, lately: true, shape: idling },
  'things: give or take 1': { ...things, noise: making => jitter(making, 1) },
  'things: give or take 3': { ...things, noise: making => jitter(making, 3) },
  'things: in eights': { ...things, noise: making => jitter(making, 3), read: inEights },
  'things: sawtooth': { ...things, shape: sawtooth },
  'things: many at first': { ...things, shape: manyAtFirst, noise: making => jitter(making, 1) },
};

function none(making: Making): number[] {
  return each(making, () => 0);
}

function jitter(making: Making, most: number): number[] {
  return each(making, () => whole(making.random, -most, most));
}

function inEights(_: Making, values: readonly number[]): number[] {
  return values.map(value => Math.floor(value / 8) * 8);
}

/** Each upload that finds no worker free starts one, until there are as many as there may be. */
function pool(making: Making): Shape {
  const most = Math.round(logBetween(making.random, 4, 64));
  const tau = between(making.random, 0.5, 4);
  return shape(making, round => Math.round(-most * Math.expm1(-round / tau)));
}

/** Full from the warm-up on, and one after the other times out. */
function idling(making: Making): Shape {
  const { random } = making;
  const timeouts = Array.from({ length: whole(random, 5, 50) }, () => logBetween(random, 1, 40));
  return shape(making, round => timeouts.filter(timeout => timeout > round).length);
}

/** Closed by a sweep every 3 to 8 rounds. */
function sawtooth(making: Making): Shape {
  const { random } = making;
  const perSweep = whole(random, 4, 60);
  const period = between(random, 3, 8);
  const sweeps = recurring(random, period, period);
  return shape(making, round => {
    const from = sweeps.findLast(sweep => sweep <= round) ?? 0;
    return Math.floor((perSweep * (round - from)) / 8);
  });
}

function manyAtFirst(making: Making): Shape {
  const { random } = making;
  const many = logBetween(random, 10, 2 * perRound);
  const until = whole(random, 2, 5);
  return shape(making, round => (round < until ? Math.round(many) : 0));
}
