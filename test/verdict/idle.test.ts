import { describe, expect, test } from 'vitest';
import { type Random, seeded } from '../../bench/calibration/random.js';
import { schedule } from '../../src/hunt/schedule.js';
import { findingsOf } from '../../src/verdict/findings.js';
import { idleGrowth, idleInAll, withoutIdleGrowth } from '../../src/verdict/idle.js';
import { smoothedIncrement } from '../../src/verdict/idle-smooth.js';
import { judgeUploads } from '../../src/verdict/judge-uploads.js';
import { defaultMargins } from '../../src/verdict/margins.js';
import type { SeriesPoint } from '../../src/verdict/series.js';
import { grown } from './grown-series.js';

/** Blank rounds of 0.1 s and 1 s in turn, with rounds of 100 uploads between them. */
function series(
  perUpload: number,
  perReading: number,
  perSecond: number,
  noise = (_: number) => 0,
): SeriesPoint[] {
  const point = { uploads: 0, value: 1000, round: 'upload' as SeriesPoint['round'], seconds: 0 };
  return Array.from({ length: 24 }, (_, i) => {
    const round = i % 3 === 0 ? 'upload' : 'blank';
    const seconds = i % 3 === 1 ? 0.1 : 1;
    if (round === 'upload') point.uploads += 100;
    point.seconds += seconds;
    point.value += perReading + perSecond * seconds + (round === 'upload' ? 100 * perUpload : 0);
    return { ...point, round, value: point.value + noise(i) };
  });
}

/** From the first of them to the last. */
const inAll = { readings: 23, seconds: 16.8 };

/** A hunt of 48 rounds of 100 uploads that take two seconds each; leak and noise in margins of 256 B. */
function noisyHunt(random: Random, leak: number, noise: number): (SeriesPoint & { noise: number })[] {
  let uploads = 0;
  let seconds = 0;
  return [...schedule({ warmUpRounds: 0, rounds: 48, maxRounds: 48, sizes: 1 })].flatMap(
    ({ kind, blank }) => {
      if (kind === 'start') return [];
      if (kind === 'upload') uploads += 100;
      seconds += blank === 'short' ? 0.1 : 2;
      const error = noise * 25_600 * random.normal();
      return [{ round: kind, uploads, seconds, noise: error, value: 5e7 + leak * 256 * uploads + error }];
    },
  );
}

/** One part of the growth, alone. */
const slopeOf = (points: SeriesPoint[]) =>
  (points.at(-1)!.value - points[0]!.value) / (points.at(-1)!.uploads - points[0]!.uploads);

describe('growth without uploads', () => {
  test('is told apart by reading and by second', () => {
    const idle = idleGrowth(series(0, 500, 3000))!;
    expect(idle.perReading.estimate).toBeCloseTo(500, 6);
    expect(idle.perSecond.estimate).toBeCloseTo(3000, 6);
  });

  test('taken out of a series leaves the growth by uploads', () => {
    const points = series(7, 500, 3000);
    expect(slopeOf(withoutIdleGrowth(points, idleGrowth(points)!))).toBeCloseTo(7, 6);
  });

  test('that is not sure is not taken out', () => {
    const wobble = (i: number) => 5000 * Math.sin(i * 12.9898);
    expect(idleGrowth(series(7, 0, 0, wobble))).toBeUndefined();
  });

  test('that falls is not growth', () => expect(idleGrowth(series(7, -500, 0))).toBeUndefined());
  test('has no rate below zero, whatever the noise makes of the other', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const wobble = (i: number) => 400 * Math.sin((i + seed) * 12.9898);
      const idle = idleGrowth(series(7, 0, 3000, wobble));
      expect(idle?.perReading.estimate ?? 0).toBeGreaterThanOrEqual(0);
      expect(idle?.perReading.low ?? 0).toBeGreaterThanOrEqual(0);
      expect(idle?.perSecond.low ?? 0).toBeGreaterThanOrEqual(0);
      expect(idle!.perSecond.high).toBeGreaterThan(2500);
    }
  });

  test('that is not sure still has a bound', () => {
    const wobble = (i: number) => 5000 * Math.sin(i * 12.9898);
    const { estimate, low, high } = idleInAll(series(7, 0, 0, wobble), inAll)!;
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeGreaterThan(estimate);
  });

  test('is not made more likely by a fall in one blank round', () => {
    const fall = (i: number) => (i >= 10 ? -1e7 : 0);
    expect(idleInAll(series(7, 0, 0, fall), inAll)!.high).toBeLessThan(1);
  });

  test('is told by a rest where blank rounds leave it in doubt', () => {
    const random = seeded(20_260_403);
    const settings = { margin: 256, minUploads: 2000, looks: 13, resources: 10 };
    const outcomes = { before: 0, after: 0 };
    for (let i = 0; i < 40; i += 1) {
      // A leak of six margins with as much noise as it grows in a round of two seconds.
      const points = noisyHunt(random, 6, 6);
      const last = points.at(-1)!;
      const rest = Array.from({ length: 13 }, (_, j) => ({
        ...last,
        round: 'rest' as const,
        seconds: last.seconds + (j < 6 ? 0.1 * (j + 1) : 4 * (j - 5)),
        value: last.value - last.noise + 6 * 25_600 * random.normal(),
      }));
      if (judgeUploads(points, settings).verdict === 'leak') outcomes.before += 1;
      if (judgeUploads([...points, ...rest], settings).verdict === 'leak') outcomes.after += 1;
    }
    expect(outcomes.before).toBeLessThan(30);
    expect(outcomes.after).toBeGreaterThan(35);
  });

  test('needs blank rounds to be seen', () => {
    expect(idleGrowth(series(7, 500, 0).filter(({ round }) => round === 'upload'))).toBeUndefined();
  });
});

describe('growth by time alone', () => {
  const seeds = Array.from({ length: 100 }, (_, i) => i + 1);
  const judged = (growth: Parameters<typeof grown>[2]) => {
    const options = { margins: defaultMargins, minUploads: 2000, looks: 5, processes: 1 };
    return findingsOf([grown('heap', 'pprof', growth)], options)[0]!;
  };

  test('is charged to no upload: one in fifty hunts calls it a leak at most', () => {
    for (const noise of [0.5, 2]) {
      // One and a half and three margins in each round of two and a half seconds, with its reading.
      for (const perSecond of [15_000, 30_000]) {
        const verdicts = seeds.map(
          seed => judged({ rounds: 48, value: () => 5e8, perSecond, noise: noise * 25_600, seed }).verdict,
        );
        expect(verdicts.filter(verdict => verdict === 'leak').length).toBeLessThanOrEqual(2);
      }
    }
  });

  test('that may be there does not hide a leak that is well above it', () => {
    const verdicts = seeds.map(
      seed => judged({ rounds: 48, value: uploads => 5e8 + 1536 * uploads, noise: 51_200, seed }).verdict,
    );
    expect(verdicts.filter(verdict => verdict === 'leak').length).toBeGreaterThanOrEqual(95);
  });
});

describe('a blank round among others', () => {
  const { points } = grown('heap', 'pprof', { rounds: 24, value: uploads => 700 * uploads, perSecond: 3000 });
  const settled = points.filter(({ round }) => round === 'upload' || round === 'blank');
  const blank = settled.findIndex(({ round, uploads }) => round === 'blank' && uploads === 1400);

  test('is told from the growth of the uploads around it, with less noise than two readings have', () => {
    const { seconds, value, variance } = smoothedIncrement(settled, blank - 1)!;
    expect(value).toBeCloseTo(3000 * seconds, 6);
    expect(variance).toBeLessThan(0.8);
  });

  test('is not smoothed where no uploads are around it', () => {
    expect(smoothedIncrement(settled.slice(blank - 1, blank + 1), 0)).toBeUndefined();
  });
});
