import { expect, test } from 'vitest';
import { growthByClass } from '../../src/verdict/culprits/class-growth.js';

const at = (uploads: number, counts: Record<string, [instances: number, bytes: number]>) => ({
  uploads,
  classes: Object.entries(counts).map(([name, [instances, bytes]]) => ({
    name,
    instances,
    bytes,
    outside: 0,
  })),
});

test('a class that grows by the same in each step has an interval without width', () => {
  const growth = growthByClass(
    [100, 150, 200].map(uploads => at(uploads, { Upload: [uploads, 48 * uploads] })),
  );
  expect(growth).toEqual([
    {
      name: 'Upload',
      instances: { estimate: 1, low: 1, high: 1 },
      bytes: { estimate: 48, low: 48, high: 48 },
      outside: { estimate: 0, low: 0, high: 0 },
    },
  ]);
});

test("the interval is Student's, of the increments", () => {
  // Increments of 1, 2 and 3 per upload: 2 ± 4.3027 · 1/√3 with 2 degrees of freedom.
  const values = [0, 10, 30, 60];
  const [growth] = growthByClass(values.map((bytes, i) => at(10 * i, { Buffer: [0, bytes] })));
  expect(growth!.bytes.estimate).toBe(2);
  expect(growth!.bytes.high).toBeCloseTo(2 + 4.302653 / Math.sqrt(3), 5);
  expect(growth!.bytes.low).toBeCloseTo(2 - 4.302653 / Math.sqrt(3), 5);
});

test('more uploads between two snapshots weigh more', () => {
  const [growth] = growthByClass([at(0, {}), at(10, { A: [0, 100] }), at(100, { A: [0, 1_000] })]);
  expect(growth!.bytes).toEqual({ estimate: 10, low: 10, high: 10 });
});

test('of two snapshots the growth is known, and not how sure it is', () => {
  const [growth] = growthByClass([at(10, { A: [1, 8] }), at(20, { A: [11, 88] })]);
  expect(growth!.bytes).toEqual({ estimate: 8, low: -Infinity, high: Infinity });
});

test('one snapshot, or none, knows no growth', () => {
  expect(growthByClass([])).toEqual([]);
  expect(growthByClass([at(10, { A: [1, 8] })])[0]!.bytes.estimate).toBe(0);
});

test('a class that comes later had no objects before, and noise is not put before what surely grows', () => {
  const growth = growthByClass([
    at(0, { '(compiled code)': [10, 0] }),
    at(10, { '(compiled code)': [10, 9_000], Late: [10, 500] }),
    at(20, { '(compiled code)': [10, 9_500], Late: [20, 1_000] }),
  ]);
  expect(growth.map(({ name, bytes }) => [name, bytes.estimate])).toEqual([
    ['Late', 50],
    ['(compiled code)', 475],
  ]);
});

test('functions of one name in two files are two', () => {
  const handler = (file: string) => ({
    name: 'function handler',
    file,
    line: 1,
    instances: 1,
    bytes: 64,
    outside: 0,
  });
  const classes = [handler('/app/a.js'), handler('/app/b.js')];
  expect(growthByClass([0, 10].map(uploads => ({ uploads, classes })))).toHaveLength(2);
});
