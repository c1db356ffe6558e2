import { expect, test } from 'vitest';
import type { KeptObject } from '../../src/profiles/jvm/flight-recording.js';
import type { GrowingSite } from '../../src/verdict/culprits/culprits.js';
import { keptSites, startingSites } from '../../src/verdict/culprits/recorded-sites.js';

const at = (name: string, line: number) => ({ function: name, file: `${name.split('.')[0]}.java`, line });
const copy = { function: 'Arrays.copyOf', file: 'java/util/Arrays.java', line: 1 };

/** So many objects of a class, allocated at a line at times from one to another. */
function objects(
  count: number,
  className: string,
  [name, line]: [string, number],
  [from, to] = [0, 1000],
): KeptObject[] {
  return Array.from({ length: count }, (_, i) => ({
    className,
    stack: [copy, at(name, line)],
    allocatedAt: from + ((to - from) * i) / Math.max(1, count - 1),
    keptBy: [`static ${name.split('.')[0]}.all`, className],
  }));
}

const grown = (className: string, estimate: number): GrowingSite => ({
  resource: 'heap',
  kind: 'class',
  site: { function: className },
  stack: [{ function: className }],
  perUpload: { estimate, low: 0.9 * estimate, high: 1.1 * estimate },
  share: estimate / 1000,
});

test('the growth of a class is shared among the lines that allocate it, in the measure of their samples', () => {
  const found = keptSites(
    [...objects(30, 'byte[]', ['Registry.keep', 37]), ...objects(10, 'byte[]', ['Bus.subscribe', 12])],
    [grown('byte[]', 1000)],
    1000,
  );
  expect(found.map(({ site, share, retainedBy }) => [site.function, share, retainedBy])).toEqual([
    ['Registry.keep', 0.75, ['static Registry.all', 'byte[]']],
    ['Bus.subscribe', 0.25, ['static Bus.all', 'byte[]']],
  ]);
  const { low, estimate, high } = found[0]!.perUpload;
  expect([low < 0.9 * estimate, high > 1.1 * estimate]).toEqual([true, true]);
});

test('what belongs to several classes is one line, with the growth of all of them', () => {
  const line: [string, number] = ['Registry.keep', 37];
  const found = keptSites(
    [...objects(9, 'byte[]', line), ...objects(5, 'Upload', line)],
    [grown('byte[]', 900), grown('Upload', 100)],
    1000,
  );
  expect(found).toMatchObject([{ site: { line: 37 }, share: 1 }]);
});

test.each([
  ['what is of a class that does not grow', objects(50, 'char[]', ['Pool.take', 3])],
  ['what filled up at the beginning', objects(50, 'byte[]', ['Cache.put', 4], [0, 100])],
  ['what is in use at the end', objects(50, 'byte[]', ['Handler.read', 5], [950, 1000])],
  ['what was seen twice', objects(2, 'byte[]', ['Handler.read', 6])],
])('%s is no culprit', (_, others) => {
  const found = keptSites(
    [...objects(20, 'byte[]', ['Registry.keep', 37]), ...others],
    [grown('byte[]', 1000)],
    1000,
  );
  expect(found.map(({ site, share }) => [site.function, share])).toEqual([['Registry.keep', 1]]);
});

test('a few samples of each of several classes are enough for a line where they are enough together', () => {
  const line: [string, number] = ['Registry.note', 9];
  const found = keptSites(
    [...objects(2, 'byte[]', line), ...objects(2, 'java.lang.String', line)],
    [grown('byte[]', 60), grown('java.lang.String', 40)],
    100,
  );
  expect(found).toMatchObject([{ site: { line: 9 }, share: 1 }]);
});

test('where no class grows nobody is named, whatever was kept', () => {
  expect(keptSites(objects(50, 'byte[]', ['Registry.keep', 37]), [], 1000)).toEqual([]);
});

test('classes of lambdas are the same whatever their numbers', () => {
  const found = keptSites(
    objects(8, 'Bus$$Lambda$5+0x00007f612c000a08/250421012', ['Bus.subscribe', 12]),
    [grown('Bus$$Lambda$12/0x0000000800c03000', 1000)],
    1000,
  );
  expect(found).toMatchObject([{ site: { line: 12 }, share: 1 }]);
});

test('threads are counted by the line that started them, and a pool that was made once is left out', () => {
  const threads = (count: number, line: number, [from, to] = [0, 1000]) =>
    Array.from({ length: count }, (_, i) => ({
      id: i,
      name: `pool-${i}-thread-1`,
      stack: [copy, at('Work.offload', line)],
      startedAt: from + ((to - from) * i) / (count - 1),
    }));
  const found = startingSites([...threads(100, 57), ...threads(10, 8, [0, 50])], 'threads', 100, 1);
  expect(found.map(({ site, perUpload, share }) => [site.line, perUpload.estimate, share])).toEqual([
    [57, 1, 1],
  ]);
});
