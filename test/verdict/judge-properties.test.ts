import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Judgement, judge } from '../../src/verdict/judge/judge.js';
import type { Point } from '../../src/verdict/verdict.js';

/** The same series on every run. */
const runs = { seed: 20_260_101, numRuns: 300 };

/** Series of all kinds, in whole bytes so that adding and doubling lose no digits; some uploads repeat. */
const series = fc
  .record({
    growth: fc.constantFrom(0, 1, 40, 2000, -500),
    spread: fc.constantFrom(0, 1, 300, 20_000),
    step: fc.constantFrom(0, 0, 100_000, -100_000),
    readings: fc.array(
      fc.record({
        round: fc.integer({ min: 0, max: 60 }),
        noise: fc.double({ min: -1, max: 1, noNaN: true }),
      }),
      { maxLength: 80, size: 'max' },
    ),
  })
  .map(({ growth, spread, step, readings }) =>
    readings.map(({ round, noise }) => ({
      uploads: 100 * round,
      value: growth * 100 * round + Math.round(spread * noise) + (round > 20 ? step : 0),
    })),
  );

const settings = fc.record({
  margin: fc.constantFrom(0.5, 32, 1024),
  resolution: fc.constantFrom(1, 8),
});

/** Any double there is, but not NaN or infinite. */
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

function alike({ verdict, reason, perUpload }: Judgement) {
  const near = (value: number) => expect.closeTo(value, 4);
  const { estimate, low, high } = perUpload;
  return { verdict, reason, perUpload: { estimate: near(estimate), low: near(low), high: near(high) } };
}

function numbersIn(judgement: Judgement): number[] {
  const { perUpload, confidence, plateau, line, moreUploads } = judgement;
  const optional = moreUploads === undefined ? [] : [moreUploads];
  return [perUpload, plateau ?? {}, line ?? {}].flatMap(Object.values).concat(confidence, optional);
}

function isSound(judgement: Judgement): void {
  const { estimate, low, high } = judgement.perUpload;
  expect(numbersIn(judgement).every(Number.isFinite)).toBe(true);
  expect(low).toBeLessThanOrEqual(estimate);
  expect(estimate).toBeLessThanOrEqual(high);
}

describe('whatever the series', () => {
  it('a constant added to all values changes nothing', () => {
    fc.assert(
      fc.property(series, settings, fc.integer({ min: -1e6, max: 1e6 }), (points, options, more) => {
        const moved = points.map(({ uploads, value }) => ({ uploads, value: value + more }));
        expect(judge(moved, options)).toMatchObject(alike(judge(points, options)));
      }),
      runs,
    );
  });

  it('another unit for values, margin and resolution changes nothing', () => {
    fc.assert(
      fc.property(series, settings, fc.constantFrom(1 / 1024, 0.5, 8, 1e6), (points, options, unit) => {
        const scaled = points.map(({ uploads, value }) => ({ uploads, value: value * unit }));
        const { margin, resolution } = options;
        const judgement = judge(points, options);
        const { reason, perUpload, ...other } = judge(scaled, {
          margin: margin * unit,
          resolution: resolution * unit,
        });
        // One thing per upload is a whole number of things, half a thing is not: such counts have one unit.
        fc.pre(![reason, judgement.reason].includes('whole-number'));
        const { estimate, low, high } = perUpload;
        const unscaled = { estimate: estimate / unit, low: low / unit, high: high / unit };
        expect({ ...judgement, perUpload: unscaled }).toMatchObject(
          alike({ ...other, reason, perUpload: judgement.perUpload }),
        );
      }),
      runs,
    );
  });

  it('the order of the points changes nothing', () => {
    const shuffled = series.chain(points =>
      fc.tuple(fc.constant(points), fc.shuffledSubarray(points, { minLength: points.length })),
    );
    fc.assert(
      fc.property(shuffled, settings, ([points, mixed], options) => {
        expect(judge(mixed, options)).toEqual(judge(points, options));
      }),
      runs,
    );
  });

  it('a leak is above the margin, flat is below it', () => {
    fc.assert(
      fc.property(series, settings, (points, options) => {
        const { verdict, perUpload } = judge(points, options);
        if (verdict === 'leak') expect(perUpload.low).toBeGreaterThan(options.margin);
        if (verdict === 'flat') expect(perUpload.high).toBeLessThan(options.margin);
      }),
      runs,
    );
  });

  it('only an inconclusive verdict says how many more uploads it would take', () => {
    fc.assert(
      fc.property(series, settings, (points, options) => {
        const { verdict, moreUploads } = judge(points, options);
        if (verdict !== 'inconclusive') expect(moreUploads).toBeUndefined();
        else if (moreUploads !== undefined) expect(moreUploads).toBeGreaterThan(0);
      }),
      runs,
    );
  });

  it('any finite numbers at all give finite numbers, in order', () => {
    const wild = fc.array(fc.record({ uploads: finite, value: finite }), { maxLength: 40 });
    fc.assert(
      fc.property(wild, finite, (points, margin) => isSound(judge(points, { margin }))),
      { ...runs, numRuns: 1000 },
    );
  });
});

describe('a thousand points', () => {
  const thousand = (value: (i: number) => number): Point[] =>
    Array.from({ length: 1000 }, (_, i) => ({ uploads: i * 100, value: value(i) }));
  const hash = (i: number) => Math.abs(Math.sin(i * 12.9898) * 43758.5453) % 1;

  const shapes: Record<string, Point[]> = {
    ramp: thousand(i => i * 3 + hash(i)),
    noise: thousand(hash),
    'huge swings': thousand(i => (i % 2 === 0 ? 1e300 : -1e300)),
    'the largest there are': thousand(i => (i % 3 === 0 ? Number.MAX_VALUE : -Number.MAX_VALUE)),
    denormals: thousand(i => i * Number.MIN_VALUE),
    'one upload count': thousand(hash).map(({ value }) => ({ uploads: 5, value })),
    sawtooth: thousand(i => i % 37),
    staircase: thousand(i => Math.floor(i / 100) * 50 + hash(i)),
    cache: thousand(i => -1e6 * Math.expm1(-i / 80)),
    spikes: thousand(i => hash(i) ** -3),
  };

  it.each(Object.keys(shapes))('%s answers at once, in finite numbers', shape => {
    const points = shapes[shape]!;
    judge(points, { margin: 0.01 });
    const start = process.cpuUsage();
    const judgement = judge(points, { margin: 0.01 });
    // Of the processor's time, in microseconds: other tests run beside this one.
    expect(process.cpuUsage(start).user).toBeLessThan(50_000);
    isSound(judgement);
  });
});
