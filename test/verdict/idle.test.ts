import { describe, expect, test } from 'vitest';
import type { SeriesPoint } from '../../src/series/series.js';
import { idleGrowth, idleInAll, withoutIdleGrowth } from '../../src/verdict/idle.js';

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
    const { estimate, low, high } = idleInAll(series(7, 0, 0, wobble))!;
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeGreaterThan(estimate);
  });

  test('is not made more likely by a fall in one blank round', () => {
    const fall = (i: number) => (i >= 10 ? -1e7 : 0);
    expect(idleInAll(series(7, 0, 0, fall))!.high).toBeLessThan(1);
  });

  test('needs blank rounds to be seen', () => {
    expect(idleGrowth(series(7, 500, 0).filter(({ round }) => round === 'upload'))).toBeUndefined();
  });
});
