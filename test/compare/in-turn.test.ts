import { describe, expect, test } from 'vitest';
import { compareGrowth, difference, type InTurnGrowth, pooled } from '../../src/compare/in-turn.js';
import { sfc32 } from '../../src/fixtures/sfc32.js';
import { studentUpperQuantile } from '../../src/statistics/student.js';
import { judge } from '../../src/verdict/judge/judge.js';
import type { Interval, Point } from '../../src/verdict/verdict.js';

const growth = (perUpload: Interval, more: Partial<InTurnGrowth> = {}): InTurnGrowth => ({
  perUpload,
  verdict: 'leak',
  reason: 'growing',
  readings: 20,
  steps: 16,
  ...more,
});
const around = (estimate: number, reach: number): Interval => ({
  estimate,
  low: estimate - reach,
  high: estimate + reach,
});
const flat = (high: number) =>
  growth({ estimate: 0, low: -high, high }, { verdict: 'flat', reason: 'within-margin' });
const compare = (before: InTurnGrowth, after: InTurnGrowth, margin = 256, comparisons = 1) =>
  compareGrowth(before, after, { margin, comparisons });

/** Numbers from 0 to 1, the same for the same seed. */
function seeded(seed: number): () => number {
  const words = sfc32(seed);
  return () => words.next() / 2 ** 32;
}

/** A draw from the standard normal distribution (Box & Muller 1958). */
function noise(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

describe('the difference of two intervals', () => {
  test('of symmetric ones is that of the square root of the sum of squares', () => {
    expect(difference(around(10, 3), around(20, 4))).toEqual({ estimate: 10, low: 5, high: 15 });
  });

  test('takes the side of each that matters: the low of one with the high of the other', () => {
    const before = { estimate: 100, low: 94, high: 103 };
    const after = { estimate: 200, low: 196, high: 208 };
    expect(difference(before, after)).toEqual({ estimate: 100, low: 95, high: 110 });
  });

  test('of one-sided certainty is certain on that side', () => {
    expect(difference(around(0, 0), around(1, 0))).toEqual({ estimate: 1, low: 1, high: 1 });
  });

  /** Zou & Donner 2008: the published method against the published kind of case, two skewed means. */
  test('agrees with a value worked out by hand for skewed intervals', () => {
    const { low, high } = difference({ estimate: 2, low: 1, high: 5 }, { estimate: 6, low: 4, high: 12 });
    expect(low).toBeCloseTo(4 - Math.sqrt(4 + 9), 12);
    expect(high).toBeCloseTo(4 + Math.sqrt(36 + 1), 12);
  });
});

describe('what is said of a difference', () => {
  test.each<[string, InTurnGrowth, InTurnGrowth, string]>([
    ['more by more than the margin', growth(around(1000, 50)), growth(around(2000, 50)), 'regression'],
    ['less by more than the margin', growth(around(2000, 50)), growth(around(1000, 50)), 'improvement'],
    ['as much', growth(around(1000, 50)), growth(around(1010, 50)), 'same'],
    ['as much, too poorly known', growth(around(1000, 400)), growth(around(1010, 400)), 'not-told-apart'],
    ['perhaps less, not more', growth(around(1000, 300)), growth(around(800, 100)), 'no-worse'],
    ['a leak that is gone', growth(around(1000, 50)), flat(200), 'improvement'],
    ['a leak that is new', flat(200), growth(around(1000, 50)), 'regression'],
    ['flat, then flat', flat(250), flat(250), 'same'],
    [
      'falling, then flat',
      growth(around(-9000, 10), { verdict: 'flat', reason: 'falling' }),
      flat(250),
      'same',
    ],
    [
      'more, of what may still fill up',
      flat(200),
      growth(around(1000, 50), { verdict: 'inconclusive', reason: 'may-be-filling' }),
      'not-told-apart',
    ],
    ['more, of two readings', flat(200), growth(around(1000, 50), { steps: 2 }), 'not-told-apart'],
    ['not a number', flat(200), growth(around(Number.NaN, 0)), 'not-told-apart'],
  ])('%s', (_, before, after, outcome) => {
    expect(compare(before, after).outcome).toBe(outcome);
  });

  test('the more resources, the more sure a claim must be; that nothing got worse needs no more', () => {
    const [before, after] = [growth(around(0, 0)), growth(around(356, 90))];
    expect(compare(before, after, 256, 1).outcome).toBe('regression');
    expect(compare(before, after, 256, 10).outcome).toBe('not-told-apart');
    expect(compare(around256(), around256(), 256, 10).outcome).toBe('same');
  });

  function around256() {
    return growth(around(5000, 170));
  }

  test('two hunts as one have the mean growth, and a margin of error that is smaller by the root of two', () => {
    const one = pooled([growth(around(100, 10)), growth(around(200, 10))]);
    expect(one.perUpload.estimate).toBe(150);
    expect(one.perUpload.high - 150).toBeCloseTo(10 / Math.SQRT2, 12);
    expect(one).toMatchObject({ verdict: 'leak', readings: 40, steps: 16 });
  });

  test('a drift as strong as the time it lasts cancels in before, after, after, before', () => {
    const drift = (hunt: number) => growth(around(100 + 50 * hunt, 1));
    const sides = [pooled([drift(0), drift(3)]), pooled([drift(1), drift(2)])] as const;
    expect(compare(...sides).difference.estimate).toBe(0);
  });

  test('a doubt about one half of a side is a doubt about the side', () => {
    const doubtful = growth(around(1000, 5), { verdict: 'inconclusive', reason: 'may-be-filling' });
    const side = pooled([growth(around(1000, 5)), doubtful]);
    expect(compare(flat(10), side).outcome).toBe('not-told-apart');
  });
});

/** Growth as Student's interval knows it: `n` readings with noise `sd`, one upload apart. */
function measured(truth: number, sd: number, n: number, random: () => number): InTurnGrowth {
  const u = Array.from({ length: n }, (_, i) => i - (n - 1) / 2);
  const y = u.map(at => truth * at + noise(random) * sd);
  const uu = u.reduce((sum, at) => sum + at * at, 0);
  const estimate = u.reduce((sum, at, i) => sum + at * y[i]!, 0) / uu;
  const mean = y.reduce((sum, value) => sum + value, 0) / n;
  const rss = y.reduce((sum, value, i) => sum + (value - mean - estimate * u[i]!) ** 2, 0);
  const reach = Math.sqrt(rss / (n - 2) / uu) * studentUpperQuantile(0.025, n - 2);
  return growth(around(estimate, reach), { readings: n, steps: n });
}

describe('over thousands of seeded pairs', () => {
  const pairs = 4000;

  test.each([
    ['equal precision', 1000, 1500, 10, 10, 12, 12],
    ['unequal precision', 1000, 1500, 2, 40, 12, 12],
    ['short and long', 1000, 1000, 10, 10, 6, 30],
  ])('either bound of the difference is missed at most once in forty (%s)', (_, a, b, sdA, sdB, nA, nB) => {
    const random = seeded(7);
    let [below, above] = [0, 0];
    for (let i = 0; i < pairs; i += 1) {
      const { difference: found } = compare(measured(a, sdA, nA, random), measured(b, sdB, nB, random));
      if (found.low > b - a) above += 1;
      if (found.high < b - a) below += 1;
    }
    // Three standard errors of a share of 2.5% in 4,000 are 0.74%.
    expect([below / pairs < 0.0324, above / pairs < 0.0324]).toEqual([true, true]);
  });

  test('five resources of a difference at just the margin are called a regression at most once in forty', () => {
    const random = seeded(11);
    let wrong = 0;
    for (let i = 0; i < pairs; i += 1) {
      const claims = Array.from({ length: 5 }, () =>
        compare(measured(1000, 300, 10, random), measured(1256, 300, 10, random), 256, 5),
      );
      if (claims.some(({ outcome }) => outcome === 'regression')) wrong += 1;
    }
    expect(wrong / pairs).toBeLessThan(0.0324);
  });

  test('two that differ by just the margin are called the same at most once in forty', () => {
    const random = seeded(13);
    let wrong = 0;
    for (let i = 0; i < pairs; i += 1) {
      const { outcome } = compare(measured(1000, 300, 10, random), measured(1256, 300, 10, random));
      if (outcome === 'same' || outcome === 'no-worse') wrong += 1;
    }
    expect(wrong / pairs).toBeLessThan(0.0324);
  });
});

/** A series as a hunt reads it: rounds of 100 uploads, noise in bytes at each reading, judged as a hunt judges. */
function hunted(perUpload: number, sd: number, random: () => number): InTurnGrowth {
  const points: Point[] = Array.from({ length: 24 }, (_, i) => ({
    uploads: 200 + 100 * i,
    value: 5e6 + perUpload * 100 * i + noise(random) * sd,
  }));
  const { perUpload: interval, verdict, reason } = judge(points, { margin: 256, minUploads: 2000 });
  return { perUpload: interval, verdict, reason, readings: points.length, steps: points.length };
}

describe('records as the judge makes them', () => {
  const counted = (pairs: number, before: number, after: number, sd: number) => {
    const random = seeded(17);
    const outcomes: Record<string, number> = {};
    for (let i = 0; i < pairs; i += 1) {
      const { outcome } = compare(hunted(before, sd, random), hunted(after, sd, random), 256, 5);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    return outcomes;
  };

  test('of the same truth are never far apart: a regression in at most one of forty', () => {
    for (const truth of [0, 4000]) {
      const { regression = 0 } = counted(120, truth, truth, 30_000);
      expect(regression / 120).toBeLessThanOrEqual(0.025);
    }
  });

  test('that differ by three margins, well measured, are a regression one way and an improvement the other', () => {
    expect(counted(40, 1000, 1768, 8000)).toEqual({ regression: 40 });
    expect(counted(40, 1768, 1000, 8000)).toEqual({ improvement: 40 });
  });
});
