import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LeakhuntError } from '../../../src/errors.js';
import { v8Sampling } from '../../../src/profiles/v8/sampling.js';

const capture = readFileSync(
  fileURLToPath(new URL('../../../fixtures/captures/v8/uploads.heapprofile.json', import.meta.url)),
);
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const rowsOf = (value: unknown) => v8Sampling(encode(value))[0]!.rows;
const frame = (functionName: string, url = '', lineNumber = -1, scriptId = url === '' ? '0' : '9') => ({
  functionName,
  url,
  lineNumber,
  columnNumber: 0,
  scriptId,
});

describe('a recorded profile', () => {
  const [profile] = v8Sampling(capture);

  test('gives each stack its live bytes and their standard error, the leaf first', () => {
    const table = profile!.rows
      .toSorted((a, b) => b.value - a.value)
      .slice(0, 3)
      .map(({ stack, value, variance }) => ({
        stack: stack.map(each => `${each.function} ${each.file}:${each.line ?? ''}`).join(' < '),
        value,
        error: Math.round(Math.sqrt(variance!)),
      }));
    expect(profile).toMatchObject({ resource: 'heap', kind: 'call-site' });
    expect(table).toMatchInlineSnapshot(`
      [
        {
          "error": 86494,
          "stack": "join v8: < store /app/uploads.mjs:15 < (anonymous) /app/uploads.mjs:1 < native code v8:",
          "value": 1224880,
        },
        {
          "error": 23170,
          "stack": "Uint8Array v8: < Upload /app/uploads.mjs:6 < store /app/uploads.mjs:15 < (anonymous) /app/uploads.mjs:1 < native code v8:",
          "value": 65840,
        },
        {
          "error": 14188,
          "stack": "store /app/uploads.mjs:15 < (anonymous) /app/uploads.mjs:1 < native code v8:",
          "value": 24872,
        },
      ]
    `);
  });

  test('adds up to what V8 says', () => {
    const { head } = JSON.parse(capture.toString()) as { head: { selfSize: number; children: [] } };
    const sum = (node: typeof head): number =>
      node.selfSize + node.children.map(sum).reduce((a, b) => a + b, 0);
    expect(profile!.rows.reduce((all, row) => all + row.value, 0)).toBe(sum(head));
  });

  test('cut off or with a wrong byte is read or is an error with a code', () => {
    fc.assert(
      fc.property(fc.nat(capture.length - 1), fc.nat(255), (at, byte) => {
        const damaged = Uint8Array.from(capture);
        damaged[at] = byte;
        for (const bytes of [damaged, capture.subarray(0, at)]) {
          try {
            expect(v8Sampling(bytes)[0]!.rows.every(row => row.value > 0)).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(LeakhuntError);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

test("V8's own places have names and no line; a file's path has no scheme", () => {
  const rows = rowsOf({
    head: {
      callFrame: frame('(root)'),
      selfSize: 1,
      children: [
        { callFrame: frame('(BYTECODE_COMPILER)'), selfSize: 2, children: [] },
        { callFrame: frame('push'), selfSize: 3, children: [] },
        { callFrame: frame('', 'file:///app/a%20b.mjs', 4), selfSize: 4, children: [] },
        { callFrame: frame('emit', 'node:events', 470), selfSize: 5, children: [] },
        { callFrame: frame('main', 'file:///C:/app/a.js', 0), selfSize: 6, children: [] },
      ],
    },
  });
  expect(Object.fromEntries(rows.map(row => [row.value, row.stack[0]]))).toEqual({
    1: { function: 'no JavaScript function', file: 'v8' },
    2: { function: 'bytecode compiler', file: 'v8' },
    3: { function: 'push', file: 'v8' },
    4: { function: '(anonymous)', file: '/app/a b.mjs', line: 5 },
    5: { function: 'emit', file: 'node:events', line: 471 },
    6: { function: 'main', file: 'C:/app/a.js', line: 1 },
  });
});

test('one function at two places has two keys, whatever the nodes are numbered', () => {
  const profile = (id: number) =>
    rowsOf({
      head: {
        callFrame: frame('(root)'),
        id,
        children: [3, 7].map(line => ({
          callFrame: frame('store', 'file:///a.js', line),
          id: id + line,
          selfSize: 8,
        })),
      },
    }).map(row => row.key);
  expect(new Set(profile(1)).size).toBe(2);
  expect(profile(1)).toEqual(profile(100));
});

test('a stack as deep as a hostile target likes keeps the frames nearest to its leaf', () => {
  const levels = 10_000;
  const text = `{"selfSize":1,"children":[`.repeat(levels) + ']}'.repeat(levels);
  const rows = v8Sampling(new TextEncoder().encode(`{"head":${text}}`))[0]!.rows;
  expect(rows.reduce((sum, row) => sum + row.value, 0)).toBe(levels);
  expect(Math.max(...rows.map(row => row.stack.length))).toBe(64);
});

test.each([
  ['nothing', ''],
  ['no object', '7'],
  ['no head', '{}'],
  ['a head that is none', '{"head":3}'],
])('%s is no profile', (_, text) => {
  expect(() => v8Sampling(new TextEncoder().encode(text))).toThrow(
    expect.objectContaining({ code: 'BAD_PROFILE', exitCode: 4 }),
  );
});

test('the standard error is that of many profiles of the same objects', async () => {
  const session = new Session();
  session.connect();
  const kept: unknown[] = [];
  const values: number[] = [];
  const variances: number[] = [];
  for (let run = 0; run < 40; run += 1) {
    await session.post('HeapProfiler.startSampling', { samplingInterval: 8_192 });
    kept.length = 0;
    // Of 400 bytes and of 16,000: far below the interval, and above it.
    for (let i = 0; i < 250; i += 1) {
      kept.push(new Array(48).fill(i), i % 10 === 0 ? new Array(1_998).fill(i) : 0);
    }
    const { profile } = await session.post('HeapProfiler.getSamplingProfile');
    await session.post('HeapProfiler.stopSampling');
    const rows = rowsOf({ ...profile, samplingInterval: 8_192 }).filter(({ stack }) =>
      stack.some(({ file }) => file?.endsWith('sampling.test.ts')),
    );
    values.push(rows.reduce((sum, row) => sum + row.value, 0));
    variances.push(rows.reduce((sum, row) => sum + row.variance!, 0));
  }
  session.disconnect();
  const meanOf = (all: number[]) => all.reduce((a, b) => a + b) / all.length;
  const mean = meanOf(values);
  expect(mean / 500_000).toBeGreaterThan(0.85);
  expect(mean / 500_000).toBeLessThan(1.15);
  const observed = meanOf(values.map(value => (value - mean) ** 2));
  // Of 40 profiles the variance is within a factor of four but once in a million times.
  expect(observed / meanOf(variances)).toBeGreaterThan(0.25);
  expect(observed / meanOf(variances)).toBeLessThan(4);
});
