import { expect, test } from 'vitest';
import type { ResourceName } from '../../src/probes/resources.js';
import type { ClassGrowth } from '../../src/verdict/culprits/class-growth.js';
import { growingClasses } from '../../src/verdict/culprits/growing-classes.js';
import { findingsOf } from '../../src/verdict/findings.js';
import { defaultMargins } from '../../src/verdict/margins.js';

const exactly = (estimate: number) => ({ estimate, low: estimate, high: estimate });

function grown(name: string, instances: number, bytes: number, outside = 0): ClassGrowth {
  return { name, instances: exactly(instances), bytes: exactly(bytes), outside: exactly(outside) };
}

/** What is found of resources that grow by so much per upload. */
function leaks(growth: Partial<Record<ResourceName, number>>) {
  const series = Object.entries(growth).map(([name, perUpload]) => ({
    name: name as ResourceName,
    unit: 'bytes' as const,
    source: 'inspector',
    points: Array.from({ length: 25 }, (_, i) => ({
      uploads: i * 100,
      value: 1e6 + perUpload * i * 100,
      round: 'upload' as const,
      seconds: i,
    })),
  }));
  return findingsOf(series, { margins: defaultMargins, minUploads: 2000, looks: 5, processes: 1 });
}

const buffer = grown('Buffer', 1, 96 + 88, 500);
const told = (growth: ClassGrowth[], found: Partial<Record<ResourceName, number>>) =>
  growingClasses(growth, leaks(found)).map(({ resource, site, perUpload, share }) => [
    resource,
    site.function,
    perUpload.estimate,
    share,
  ]);

test('a kept Buffer is as large a part of the buffers as the bytes that it holds', () => {
  expect(told([buffer], { 'array-buffers': 500, external: 500 })).toEqual([
    ['array-buffers', 'Buffer', 500, 1],
  ]);
});

test('what a Buffer takes of the heap is a part of the heap, and counted once', () => {
  expect(told([buffer, grown('Upload', 1, 216)], { heap: 400, 'array-buffers': 500 })).toEqual([
    ['array-buffers', 'Buffer', 500, 1],
    ['heap', 'Upload', 216, 0.54],
    ['heap', 'Buffer', 184, 0.46],
  ]);
});

test('objects of the heap are no part of buffers, though nothing else leaks', () => {
  expect(told([buffer, grown('Upload', 1, 96)], { 'array-buffers': 500 })).toEqual([
    ['array-buffers', 'Buffer', 500, 1],
  ]);
});

test('bytes outside of the heap are no part of it, though nothing else leaks', () => {
  expect(told([buffer], { heap: 368 })).toEqual([['heap', 'Buffer', 184, 0.5]]);
});

test("the memory of Node's own native objects is in no counter, and nobody is accused by it", () => {
  const socket = grown('Node / TCPSocketWrap', 1, 0, 300);
  expect(told([socket], { 'array-buffers': 300, heap: 300 })).toEqual([]);
});

test('the shares of one resource never add up to more than all of it', () => {
  const growth = [
    buffer,
    grown('Upload', 1, 100),
    grown('(array)', 2, 116),
    grown('ArrayBuffer', 1, 88, 300),
  ];
  const shares = new Map<string, number>();
  const classes = growingClasses(growth, leaks({ heap: 488, 'array-buffers': 800 }));
  for (const { resource, share } of classes) shares.set(resource, (shares.get(resource) ?? 0) + share);
  expect(Object.fromEntries(shares)).toEqual({
    heap: expect.closeTo(1, 9),
    'array-buffers': expect.closeTo(1, 9),
  });
});
