import { expect, test } from 'vitest';
import {
  filesCounted,
  filesWeighed,
  heap,
  isHeldByObjects,
  isMemory,
  isPartOf,
  isPlural,
  memoryIn,
  outermost,
  processMemory,
  residentIn,
  resolutionOf,
  resourceNames,
} from '../../src/probes/resource-questions.js';
import { type ResourceName, resources } from '../../src/probes/resources.js';

const those = (is: (name: ResourceName) => boolean) => resourceNames.filter(is);

test('what a resource refers to is another one, and no part contains itself', () => {
  for (const name of resourceNames) {
    const { partOf, counts, toldBy } = resources[name];
    for (const other of [partOf, counts, toldBy].filter(each => each !== undefined)) {
      expect(resourceNames).toContain(other);
      expect(other).not.toBe(name);
    }
    expect(isPartOf(name, name)).toBe(false);
  }
});

test('a count has a singular, and a margin below one in an upload', () => {
  for (const name of resourceNames) {
    const { unit, one, margin } = resources[name];
    expect(one !== undefined, name).toBe(unit === 'count');
    expect(margin < 1, name).toBe(unit === 'count');
  }
});

test('each byte of a process is counted once: a part beside its whole is left out', () => {
  const apart = (...names: ResourceName[]) => outermost(names, name => name);
  expect(apart('array-buffers', 'external', 'direct-buffers')).toEqual(['external', 'direct-buffers']);
  expect(apart('heap', 'stack', 'anon', 'shmem')).toEqual(['anon', 'shmem']);
  expect(apart('heap', 'anon', 'shmem', 'rss')).toEqual(['rss']);
});

test('the memory of a process is what is resident, or else the largest part of it that is known', () => {
  expect(processMemory).toEqual(['anon', 'rss']);
  expect(memoryIn({ heap: 1, anon: 2, rss: 3 })).toBe(3);
  expect(memoryIn({ heap: 1, anon: 2 })).toBe(2);
  expect(memoryIn({ heap: 1, threads: 5 })).toBe(1);
  expect(memoryIn({ threads: 5 })).toBeUndefined();
  expect([residentIn({ anon: 2, rss: 3 }), residentIn({ anon: 2 })]).toEqual([3, undefined]);
});

test('memory is what a cache may fill; files and things that are counted are not', () => {
  const not = [
    'goroutines',
    'tasks',
    'threads',
    'active-handles',
    'open-files',
    'sockets',
    'temp-files',
    'disk',
  ];
  expect(those(name => !isMemory(name))).toEqual(not);
  expect(those(isHeldByObjects)).toEqual(['heap', 'array-buffers', 'external', 'direct-buffers']);
  expect([heap, filesCounted, filesWeighed]).toEqual(['heap', 'temp-files', 'disk']);
});

test('a count changes by one at least, memory that the kernel counts by a page', () => {
  expect(those(name => resolutionOf(name) === 4096)).toEqual(['anon', 'shmem', 'rss']);
  expect(those(name => resolutionOf(name) === 1)).toEqual(those(name => resources[name].unit === 'count'));
});

test('buffers leak, as counts do, and memory leaks', () => {
  const plural = those(name => resources[name].unit === 'bytes' && isPlural(name));
  expect(plural).toEqual(['array-buffers', 'direct-buffers']);
  expect(isPlural('goroutines')).toBe(true);
});
