import { between } from '../random.js';
import { always, bytes, type Family, logBetween, type Making, type Shape, shape } from './making.js';

/** What fills up, at once or in two goes, or grows ever more slowly. */
export const filling: Record<string, Family> = {
  'two-stage cache, 8 to 14': { ...bytes, shape: making => twoStage(making, 8, 14) },
  'two-stage cache, 14 to 24': { ...bytes, shape: making => twoStage(making, 14, 24) },
  'two rings': { ...bytes, shape: twoRings },
  root: { ...bytes, lately: true, shape: root },
  log: { ...bytes, lately: true, shape: log },
  'map with a TTL, 5 to 12': { ...bytes, shape: making => ring(making, 5, 12) },
  'map with a TTL, 12 to 20': { ...bytes, shape: making => ring(making, 12, 20) },
  'map with a TTL, 20 to 40': {
    ...bytes,
    shape: making => ring(making, 20, 40),
    unknowable: always('a straight line for longer than the 2,000 uploads before which none is a leak'),
  },
};

function twoStage(making: Making, low: number, high: number): Shape {
  const { random, unit } = making;
  const [a, b] = [logBetween(random, 10, 200) * unit, logBetween(random, 10, 200) * unit];
  const [fast, slow] = [between(random, 1, 4), between(random, low, high)];
  return shape(making, round => -a * Math.expm1(-round / fast) - b * Math.expm1(-round / slow));
}

function twoRings(making: Making): Shape {
  const { random, unit } = making;
  const [a, b] = [logBetween(random, 2, 40) * unit, logBetween(random, 2, 40) * unit];
  const [first, second] = [between(random, 3, 9), between(random, 10, 15)];
  return shape(making, round => a * Math.min(round, first) + b * Math.min(round, second));
}

function root(making: Making): Shape {
  const rise = between(making.random, 3, 9) * making.unit;
  return shape(making, round => rise * Math.sqrt(round));
}

function log(making: Making): Shape {
  const rise = between(making.random, 20, 60) * making.unit;
  return shape(making, round => rise * Math.log1p(round / 4));
}

function ring(making: Making, low: number, high: number): Shape {
  const perRound = logBetween(making.random, 2, 40) * making.unit;
  const full = between(making.random, low, high);
  return shape(making, round => perRound * Math.min(round, full));
}
