import { expect, test } from 'vitest';
import type { Frame, Profile, ProfileRow } from '../../src/profiles/frame.js';
import { SiteHistory } from '../../src/profiles/history.js';

const own: Frame = { function: 'main.keep', file: 'example.com/app/keep.go', line: 7 };
const make: Frame = { function: 'bytes.Clone', file: 'bytes/bytes.go', line: 1 };
const grow: Frame = { function: 'runtime.growslice', file: 'runtime/slice.go', line: 2 };

const heap = (...rows: ProfileRow[]): Profile[] => [{ resource: 'heap', kind: 'call-site', rows }];
const row = (stack: Frame[], value: number, variance?: number): ProfileRow => ({
  key: stack.map(each => each.function).join(),
  stack,
  value,
  variance,
});

test('stacks that lead to one line of own code are one site', () => {
  const table = new SiteHistory();
  table.add(100, heap(row([make, own], 10), row([grow, own], 1), row([make], 5)));
  table.add(200, heap(row([make, own], 20), row([grow, own], 3), row([make], 5)));
  const sites = table
    .sitesOf('heap')
    .map(({ site, stacks }) => [site.function, stacks.map(each => each.values)]);
  expect(sites).toEqual([
    [
      'main.keep',
      [
        [10, 20],
        [1, 3],
      ],
    ],
    ['bytes.Clone', [[5, 5]]],
  ]);
  expect(table.uploadsOf('heap')).toEqual([100, 200]);
});

test('a site that a profile does not name holds nothing then', () => {
  const table = new SiteHistory();
  table.add(1, heap(row([make], 5)));
  table.add(2, heap(row([own], 7)));
  table.add(3, heap(row([make], 6)));
  expect(table.sitesOf('heap').map(({ stacks }) => stacks[0]!.values)).toEqual([
    [5, 0, 6],
    [0, 7, 0],
  ]);
});

test('profiles of several processes are added up, site by site', () => {
  const table = new SiteHistory();
  table.add(1, [...heap(row([make], 5)), ...heap(row([make], 6))]);
  expect(table.sitesOf('heap')[0]!.stacks[0]!.values).toEqual([11]);
});

test('of a growth between two samples only what came in between can be off', () => {
  const table = new SiteHistory();
  table.add(1, heap(row([make], 5, 100), row([grow], 5, 100)));
  table.add(2, heap(row([make], 9, 180)));
  expect(table.sitesOf('heap').map(({ stacks }) => stacks[0]!.variance)).toEqual([80, 0]);
});

test('a target that invents stacks without end is cut short', () => {
  const table = new SiteHistory();
  const invented = Array.from({ length: 60_000 }, (_, i) => row([{ function: `f${i}` }], 1));
  table.add(1, heap(...invented));
  const stacks = table.sitesOf('heap').reduce((sum, site) => sum + site.stacks.length, 0);
  expect(stacks).toBe(50_000);
});
