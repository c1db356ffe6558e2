import { describe, expect, test } from 'vitest';
import {
  afterRests,
  nothingLeftToDecide,
  type Rest,
  type RestedFinding,
  restOf,
} from '../../src/verdict/rest.js';
import type { SeriesPoint } from '../../src/verdict/series.js';

describe('growth that is looked at again after a rest', () => {
  test.each([
    ['stays', { late: 1100, after: 1100 }, { outcome: 'kept', falling: false }],
    ['grows on', { late: 1110, after: 1120 }, { outcome: 'kept', falling: false }],
    ['falls a little, and stops', { late: 1090, after: 1090 }, { outcome: 'partly', falling: false }],
    ['falls by just half', { late: 1050, after: 1050 }, { outcome: 'partly', falling: false }],
    ['falls by more than half', { late: 1049, after: 1049 }, { outcome: 'drained', falling: false }],
    ['falls to less than it began with', { late: 900, after: 900 }, { outcome: 'drained', falling: false }],
    ['is still falling slowly', { late: 1093, after: 1090 }, { outcome: 'partly', falling: true }],
    ['only trembles', { late: 1091, after: 1090 }, { outcome: 'partly', falling: false }],
  ])('%s', (_, values, expected) => {
    expect(restOf({ before: 1100, growth: 100, ...values })).toMatchObject(expected);
  });

  test('of a resource that did not grow is not in question', () => {
    expect(restOf({ before: 5, late: 5, after: 0, growth: 0 }).outcome).toBe('kept');
  });
});

/** Ten rounds of 100 uploads, a second each. */
const points: SeriesPoint[] = Array.from({ length: 11 }, (_, i) => ({
  uploads: i * 100,
  value: 1000 + i * 1000,
  round: 'upload',
  seconds: i,
}));

/** Heap that is said to leak 10 B per upload, 8 at least, with a margin of 5 B. */
function leak(name: 'heap' | 'goroutines' = 'heap', changes: Partial<RestedFinding> = {}): RestedFinding {
  return {
    series: { name, unit: 'bytes', source: 'pprof', points },
    verdict: 'leak',
    reason: 'growing',
    margin: 5,
    decisive: true,
    perUpload: { estimate: 10, low: 8, high: 12 },
    confidence: 0.975,
    ...changes,
  };
}

const rest = (after: number, changes: Partial<Rest> = {}, late = after): Rest => ({
  seconds: 5,
  working: false,
  values: { heap: { before: 11_000, late, after, growth: 10_000 } },
  ...changes,
});

const heapAfter = (...rests: Rest[]) => afterRests([leak()], rests, 0)[0]!;

describe('a leak', () => {
  test('stands as it was where all of it was kept', () => {
    const { verdict, perUpload } = heapAfter(rest(11_000));
    expect(verdict).toBe('leak');
    expect(perUpload).toEqual({ estimate: 10, low: 8, high: 12 });
  });

  test('is less what the rest took back', () => {
    const { verdict, perUpload, rest: shown } = heapAfter(rest(9000));
    expect(verdict).toBe('leak');
    expect(perUpload.estimate).toBeCloseTo(8);
    expect(perUpload.low).toBeCloseTo(6.4);
    expect(perUpload.high).toBeCloseTo(9.6);
    expect(shown).toEqual({ seconds: 5, before: 11_000, after: 9000 });
  });

  test('does not stand where what is left may be within the margin', () => {
    expect(heapAfter(rest(7000))).toMatchObject({ verdict: 'inconclusive', reason: 'near-margin' });
  });

  test('does not stand where most of it is gone', () => {
    expect(heapAfter(rest(2000))).toMatchObject({ verdict: 'inconclusive', reason: 'drains' });
  });

  test('that is mostly gone drains, although the rest of it is still falling', () => {
    expect(heapAfter(rest(2000, {}, 4000)).reason).toBe('drains');
    expect(heapAfter(rest(2000, { working: true })).reason).toBe('backlog');
  });

  test.each([
    ['is at work', rest(11_000, { working: true })],
    ['lets go of it little by little', rest(10_000, {}, 10_400)],
  ])('does not stand while the target %s', (_, each) => {
    expect(heapAfter(each)).toMatchObject({ verdict: 'inconclusive', reason: 'backlog' });
  });

  test('does not stand later where it drained once', () => {
    expect(heapAfter(rest(2000), rest(11_000))).toMatchObject({ verdict: 'inconclusive', reason: 'drains' });
  });

  test('of memory is in question again where the count beside it drained', () => {
    const both = [leak(), leak('goroutines')];
    const values = {
      heap: { before: 11_000, late: 11_000, after: 11_000, growth: 10_000 },
      goroutines: { before: 1000, late: 0, after: 0, growth: 1000 },
    };
    const [heap, goroutines] = afterRests(both, [{ seconds: 5, working: false, values }], 2000);
    expect(goroutines!.reason).toBe('drains');
    expect(heap).toMatchObject({ verdict: 'inconclusive', reason: 'may-be-filling', moreUploads: 1000 });
  });

  test('that drained needs no more rounds', () => {
    expect(nothingLeftToDecide(afterRests([leak()], [rest(2000)], 0))).toBe(true);
    expect(nothingLeftToDecide(afterRests([leak()], [rest(7000)], 0))).toBe(false);
  });
});
