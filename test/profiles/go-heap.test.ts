import { describe, expect, test } from 'vitest';
import { goHeap, varianceOf } from '../../src/profiles/go/heap.js';
import { decodePprof } from '../../src/profiles/pprof/decode.js';
import { encodePprof, type PprofRow } from '../../src/profiles/pprof/encode.js';
import { capture, captures } from './pprof/captures.js';
import { bytesOf, chunk, int, packed, text } from './pprof/proto.js';

const types = ['alloc_objects', 'alloc_space', 'inuse_objects', 'inuse_space'];
const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0);

describe.each(captures.filter(name => /heap|allocs/.test(name)))('%s', name => {
  const profile = decodePprof(capture(name));
  const profiles = goHeap(capture(name));

  test('has the live bytes, the live objects and the churn of each stack, all of it', () => {
    expect(profiles.map(each => [each.resource, each.kind])).toEqual([
      ['heap', 'call-site'],
      ['heap-objects', 'call-site'],
      ['churn', 'call-site'],
    ]);
    const totals = ['inuse_space', 'inuse_objects', 'alloc_space'].map(type =>
      sum(Array.from(profile.samples(), ({ values }) => values[profile.typeIndex(type)]!)),
    );
    expect(profiles.map(({ rows }) => sum(rows.map(row => row.value)))).toEqual(totals);
  });

  test('has one row for each stack, and none for one that holds nothing', () => {
    for (const { rows } of profiles) {
      expect(rows.length).toBeGreaterThan(0);
      expect(new Set(rows.map(row => row.key)).size).toBe(rows.length);
      expect(rows.filter(row => row.stack.length === 0)).toEqual([]);
      expect(rows.filter(row => Number.isNaN(row.value + row.variance!))).toEqual([]);
    }
  });
});

test('a stack has the same key in every profile of a process', () => {
  const [first, second] = ['heap-body-1.pb.gz', 'heap-body-2.pb.gz'].map(name => {
    const rows = goHeap(capture(name))[2]!.rows;
    return new Map(rows.map(({ key, stack }) => [key, JSON.stringify(stack)]));
  });
  const both = [...first!.keys()].filter(key => second!.has(key));
  expect(both.length).toBeGreaterThan(3);
  for (const key of both) expect(second!.get(key)).toBe(first!.get(key));
});

test('without sampling nothing varies', () => {
  const [heap, objects] = goHeap(capture('heap-object-rate-1.pb.gz'));
  expect(heap!.rows.filter(row => row.variance !== 0)).toEqual([]);
  const kept = objects!.rows.filter(({ stack }) => stack[0]!.function === 'main.keepObject');
  expect(kept.map(row => row.value)).toEqual([30]);
});

test('samples of one stack that differ in their labels are added up', () => {
  const [heap] = goHeap(capture('heap-body-diff.pb.gz'));
  const kept = heap!.rows.filter(({ stack }) => stack[0]!.function === 'main.keepBody');
  expect(kept).toHaveLength(1);
  expect(kept[0]!.value).toBeLessThan(-4_000_000);
});

/** Numbers from 0 to 1. Source: Numerical Recipes, the quick generator. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const heapOf = (rows: PprofRow[], period = 524_288) =>
  encodePprof({ sampleTypes: types.map(type => ({ type, unit: 'bytes' })), rows, period });

test('without addresses, stacks are told apart by functions and lines', () => {
  const at = (line: number) => [{ function: 'main.f', file: 'main.go', line }];
  const values = [1, 10, 1, 10];
  const [heap] = goHeap(
    heapOf([
      { stack: at(1), values },
      { stack: at(2), values },
      { stack: at(1), values },
    ]),
  );
  expect(heap!.rows.map(row => [row.stack, row.value])).toEqual([
    [at(1), 20],
    [at(2), 10],
  ]);
});

test('the variance is that of Poisson sampling, for bytes and for objects', () => {
  const rate = 524_288;
  for (const size of [16, 1024, 106_496, 1 << 20]) {
    const p = 1 - Math.exp(-size / rate);
    const [heap, objects, churn] = goHeap(
      heapOf([{ stack: [{ function: 'f' }], values: [900, 900 * size, 400, 400 * size] }]),
    );
    expect(objects!.rows[0]!.variance! / ((400 * (1 - p)) / p)).toBeCloseTo(1, 6);
    expect(heap!.rows[0]!.variance! / ((400 * (1 - p) * size ** 2) / p)).toBeCloseTo(1, 6);
    expect(churn!.rows[0]!.variance! / ((900 * (1 - p) * size ** 2) / p)).toBeCloseTo(1, 6);
  }
});

test('the variance is what the estimates of simulated processes vary by', () => {
  const [objects, size, rate, runs] = [2000, 4096, 65_536, 4000];
  const p = 1 - Math.exp(-size / rate);
  const uniform = seeded(1);
  const estimates = Array.from({ length: runs }, () => {
    let seen = 0;
    for (let i = 0; i < objects; i += 1) if (uniform() < p) seen += 1;
    return seen / p;
  });
  const mean = sum(estimates) / runs;
  const variance = sum(estimates.map(each => (each - mean) ** 2)) / (runs - 1);
  expect(variance / varianceOf(objects, size, rate)).toBeGreaterThan(0.9);
  expect(variance / varianceOf(objects, size, rate)).toBeLessThan(1.1);
});

test('objects larger than the rate, and rates that Go does not scale by, have no variance', () => {
  expect(varianceOf(10, 1e9, 524_288)).toBe(0);
  expect([1, 0, -5].map(rate => varianceOf(10, 100, rate))).toEqual([0, 0, 0]);
});

test('a profile of something else is refused, with what it has', () => {
  expect(() => goHeap(capture('cpu-labels.pb.gz'))).toThrow(
    'The profile is not a Go heap profile, because it has samples, cpu and not inuse_space: fetch the profile again.',
  );
});

test('a profile of few bytes and frames without end is refused', () => {
  const lines = Array.from({ length: 60_000 }, () => chunk(4, int(1, 1))).flat();
  const profile = bytesOf(
    types.flatMap((_, i) => chunk(1, int(1, i + 1))),
    Array.from({ length: 170 }, (_, i) =>
      chunk(2, packed(1, 1, ...new Array(i).fill(2)), packed(2, 1, 1, 1, 1)),
    ).flat(),
    chunk(4, int(1, 1), lines),
    chunk(4, int(1, 2), chunk(4, int(1, 1))),
    chunk(5, int(1, 1), int(2, 5)),
    ['', ...types, 'f'].flatMap(each => text(6, each)),
  );
  expect(() => goHeap(profile)).toThrow(/more than 10000000 frames/);
});
