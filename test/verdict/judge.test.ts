import { describe, expect, it } from 'vitest';
import { between, seeded } from '../../bench/calibration/random.js';
import { judge } from '../../src/verdict/judge/judge.js';
import type { Point } from '../../src/verdict/verdict.js';

/** A value for each of so many rounds of 100 uploads. */
function series(rounds: number, value: (round: number) => number): Point[] {
  return Array.from({ length: rounds }, (_, i) => ({ uploads: (i + 1) * 100, value: value(i + 1) }));
}

/** Noise of a few hundred bytes that repeats exactly from run to run. */
const noise = (round: number) => Math.round(300 * Math.sin(round * round * 1.7));

describe('exact counts', () => {
  const goroutines = { margin: 0.05 };

  it('one goroutine per upload is a leak of exactly 1.00 after five rounds', () => {
    const { verdict, reason, perUpload } = judge(
      series(5, round => 13 + 100 * round),
      goroutines,
    );
    expect({ verdict, reason }).toEqual({ verdict: 'leak', reason: 'whole-number' });
    expect(perUpload).toEqual({ estimate: 1, low: expect.closeTo(0.995, 6), high: expect.closeTo(1.005, 6) });
  });

  it('a count that never changes is flat, and bounded by the rule of three', () => {
    const { verdict, reason, perUpload } = judge(
      series(8, () => 13),
      goroutines,
    );
    expect({ verdict, reason }).toEqual({ verdict: 'flat', reason: 'constant' });
    expect(perUpload.high).toBeCloseTo(-Math.log(0.025) / 700, 4);
  });

  it('a constant count over too few uploads for its margin proves nothing', () => {
    const tenUploads = Array.from({ length: 8 }, (_, i) => ({ uploads: i * 10, value: 13 }));
    const { verdict, moreUploads } = judge(tenUploads, { margin: 0.01 });
    expect(verdict).toBe('inconclusive');
    expect(moreUploads).toBeGreaterThan(200);
  });

  it('a count that wavers by one is flat', () => {
    const { verdict } = judge(
      series(16, round => 13 + (round % 5 === 0 ? 1 : 0)),
      goroutines,
    );
    expect(verdict).toBe('flat');
  });

  it('pages that are added one by one are a leak once they are regular', () => {
    const paged = series(24, round => Math.floor((round * 1500) / 4096) * 4096);
    const { verdict, perUpload } = judge(paged, { margin: 4 });
    expect(verdict).toBe('leak');
    expect(perUpload.low).toBeLessThanOrEqual(15);
    expect(perUpload.high).toBeGreaterThanOrEqual(15);
  });
});

describe('bytes', () => {
  const heap = { margin: 32 };

  it('growth of 640 bytes per upload beside noise is a leak', () => {
    const { verdict, reason, perUpload } = judge(
      series(24, round => 64_000 * round + noise(round)),
      heap,
    );
    expect({ verdict, reason }).toEqual({ verdict: 'leak', reason: 'growing' });
    expect(perUpload.low).toBeGreaterThan(32);
    expect(perUpload.estimate).toBeCloseTo(640, 0);
  });

  it('noise about a level is flat', () => {
    const { verdict, perUpload } = judge(series(24, noise), heap);
    expect(verdict).toBe('flat');
    expect(perUpload.high).toBeLessThan(32);
  });

  it('a cache that has filled is flat, and its plateau is known', () => {
    const cache = series(48, round => 1e6 * -Math.expm1(-round / 6) + noise(round));
    const { verdict, reason, plateau } = judge(cache, heap);
    expect({ verdict, reason }).toEqual({ verdict: 'flat', reason: 'filled' });
    // From the first reading on, which already holds 15% of it.
    expect(plateau!.rise).toBeCloseTo(1e6 * Math.exp(-1 / 6), -4);
    expect(plateau!.uploads).toBeGreaterThan(1800);
    expect(plateau!.uploads).toBeLessThan(2000);
  });

  it('a cache that still fills is neither leak nor flat', () => {
    const cache = series(24, round => 1e7 * -Math.expm1(-round / 24) + noise(round));
    const { verdict, reason, moreUploads } = judge(cache, heap);
    expect({ verdict, reason }).toEqual({ verdict: 'inconclusive', reason: 'still-filling' });
    expect(moreUploads).toBeGreaterThan(2400);
  });

  it('a leak with one fall in it is a leak', () => {
    const fallen = series(48, round => 30_000 * round + noise(round) - (round > 20 ? 180_000 : 0));
    const { verdict, perUpload } = judge(fallen, heap);
    expect(verdict).toBe('leak');
    expect(perUpload.estimate).toBeCloseTo(300, -1);
  });

  it('a level that rose once is flat once it has stayed', () => {
    const risen = (rounds: number) => series(rounds, round => noise(round) + (round > 20 ? 100_000 : 0));
    expect(judge(risen(24), heap).verdict).toBe('inconclusive');
    expect(judge(risen(48), heap).verdict).toBe('flat');
  });

  it('a sawtooth is inconclusive until there are teeth enough to know it by, and then flat', () => {
    const looks = [16, 24, 48, 96].map(rounds => {
      const teeth = series(rounds, round => 20_000 * (round % 13) + noise(round));
      const { verdict, reason } = judge(teeth, heap);
      return `${verdict}, ${reason}`;
    });
    expect(looks).toEqual([
      'inconclusive, too-noisy',
      'inconclusive, sawtooth',
      'inconclusive, sawtooth',
      'flat, within-margin',
    ]);
  });

  it('a leak in a sawtooth is a leak of what the falls leave', () => {
    const teeth = series(36, round => 20_000 * (round % 7) + 60_000 * round + noise(round));
    const { verdict, perUpload } = judge(teeth, heap);
    expect(verdict).toBe('leak');
    expect(perUpload.low).toBeLessThan(600);
    expect(perUpload.high).toBeGreaterThan(600);
    expect(perUpload.high - perUpload.low).toBeLessThan(600);
  });

  it('falling memory is flat', () => {
    const { verdict, reason } = judge(
      series(24, round => -10_000 * round + noise(round)),
      heap,
    );
    expect({ verdict, reason }).toEqual({ verdict: 'flat', reason: 'falling' });
  });

  it('a leak that starts late is judged by what it became', () => {
    const late = series(48, round => 64_000 * Math.max(0, round - 12) + noise(round));
    const { verdict, perUpload } = judge(late, heap);
    expect(verdict).toBe('leak');
    expect(perUpload.estimate).toBeCloseTo(640, -1);
  });

  it('a slice that doubles is a leak by its elements', () => {
    const slice = series(48, round => 16 * 100 * round + 8 * 2 ** Math.ceil(Math.log2(100 * round)));
    const { verdict } = judge(slice, { margin: 4 });
    expect(verdict).toBe('leak');
  });

  it('a wild reading changes little', () => {
    const wild = series(24, round => 64_000 * round + noise(round) + (round === 12 ? 1e7 : 0));
    const { verdict, perUpload } = judge(wild, heap);
    expect(verdict).toBe('leak');
    expect(perUpload.estimate).toBeCloseTo(640, 0);
  });
});

describe('what is asked of it', () => {
  it('growth over fewer uploads than wanted may be something that fills', () => {
    const { verdict, reason, moreUploads } = judge(
      series(16, round => 100 * round),
      { margin: 0.05, minUploads: 2000 },
    );
    expect({ verdict, reason, moreUploads }).toEqual({
      verdict: 'inconclusive',
      reason: 'may-be-filling',
      moreUploads: 400,
    });
  });

  it('noisy growth waits for a dozen readings', () => {
    const { verdict, reason } = judge(
      series(8, round => 64_000 * round + noise(round)),
      { margin: 32 },
    );
    expect({ verdict, reason }).toEqual({ verdict: 'inconclusive', reason: 'too-few-rounds' });
  });

  it('growth by the margin is near the margin', () => {
    const { verdict, reason } = judge(
      series(96, round => 3200 * round + noise(round)),
      { margin: 32 },
    );
    expect({ verdict, reason }).toEqual({ verdict: 'inconclusive', reason: 'near-margin' });
  });

  it('two readings, one or none are too few, and still give numbers', () => {
    for (const rounds of [0, 1, 2]) {
      const { verdict, reason, perUpload } = judge(
        series(rounds, round => round * 1e5),
        { margin: 32 },
      );
      expect({ verdict, reason }).toEqual({ verdict: 'inconclusive', reason: 'too-few-rounds' });
      expect(Object.values(perUpload).every(Number.isFinite)).toBe(true);
    }
  });

  it('readings after as many uploads, as after blank rounds, count as one', () => {
    const points = series(12, round => 13 + 100 * round);
    const blank = { uploads: 600, value: 613 };
    expect(judge([...points, blank, blank], { margin: 0.05 })).toEqual(judge(points, { margin: 0.05 }));
  });

  it('the line goes through the last readings', () => {
    const { line, perUpload } = judge(
      series(24, round => 5e6 + 64_000 * round + noise(round)),
      { margin: 32 },
    );
    const atEnd = line!.intercept + perUpload.estimate * 2400;
    expect(atEnd).toBeCloseTo(5e6 + 64_000 * 24, -3);
    expect(line!.from).toBeGreaterThanOrEqual(100);
  });
});

describe('a series that rises in a straight line', () => {
  /** Bytes per round at the margin of 256 B. */
  const atMargin = 25_600;
  const settings = { margin: 256, minUploads: 2000 };

  it('is a leak whatever its first three readings were', () => {
    const random = seeded(20_260_402);
    for (const margins of [2, 6, 30]) {
      const judged = Array.from({ length: 40 }, () => {
        const low = [1, 2, 3].map(() => atMargin * between(random, 5, 60));
        const value = (round: number) => 5e7 + margins * atMargin * round + atMargin * random.normal();
        return judge(
          series(48, round => Math.round(value(round) - (low[round - 1] ?? 0))),
          settings,
        );
      });
      expect(judged.map(({ verdict }) => verdict)).not.toContain('flat');
      const sure = judged.filter(({ verdict }) => verdict === 'leak');
      if (margins >= 6) expect(sure).toHaveLength(judged.length);
    }
  });

  it('is a leak although two tables were built at its fourth and fifth round', () => {
    const value = (round: number) =>
      6e6 + 30 * atMargin * round + (round >= 4 ? 4_000_000 : 0) + (round >= 5 ? 6_000_000 : 0);
    const { verdict, perUpload } = judge(
      series(24, round => value(round) + noise(round)),
      settings,
    );
    expect(verdict).toBe('leak');
    expect(perUpload.low).toBeLessThanOrEqual(7680);
    expect(perUpload.high).toBeGreaterThanOrEqual(7680);
  });
});

describe('flat', () => {
  const settings = { margin: 256 };

  it('is not said of a pool that is full once something else has begun to grow', () => {
    const value = (round: number) => 5e7 + 3e6 * Math.min(round / 6, 1) + 60_000 * Math.max(0, round - 32);
    const { verdict } = judge(
      series(48, round => value(round) + 30 * noise(round)),
      settings,
    );
    expect(verdict).toBe('leak');
  });

  // The larger the lumps, the later it is sure that they go on coming.
  const lumps: Record<number, string[]> = {
    [2 ** 18]: ['inconclusive', 'inconclusive', 'leak', 'leak', 'leak'],
    [2 ** 20]: ['inconclusive', 'inconclusive', 'inconclusive', 'inconclusive', 'leak'],
  };

  it.each([2 ** 18, 2 ** 20])(
    'is said at no look of growth by twice the margin in lumps of %i bytes, which is a leak in the end',
    lump => {
      const looks = [8, 16, 24, 48, 96].map(
        rounds =>
          judge(
            series(rounds, round => Math.floor((5e7 + 51_200 * round) / lump) * lump),
            settings,
          ).verdict,
      );
      expect(looks).toEqual(lumps[lump]);
    },
  );

  it('is said at no look of fifty things that come at once after every 500 uploads, which is a leak in the end', () => {
    const looks = [8, 16, 24, 48, 96].map(rounds => {
      const batches = series(rounds, round => 20 + 50 * Math.floor(round / 5));
      return judge(batches, { margin: 0.05, resolution: 1 }).verdict;
    });
    expect(looks).toEqual(['inconclusive', 'inconclusive', 'inconclusive', 'leak', 'leak']);
  });

  it('is not said below the tolerance of growth that is proven', () => {
    const points = series(24, round => 5e7 + 24_000 * round + noise(round));
    const { verdict, reason } = judge(points, { margin: 256, flatBelow: 512, provenAbove: 32 });
    expect({ verdict, reason }).toEqual({ verdict: 'inconclusive', reason: 'near-margin' });
  });
});
