import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodePprof } from '../../../src/profiles/pprof/decode.js';
import { type Bytes, bytesOf, chunk, int, packed, parts, text, varint } from './proto.js';

const { functions, strings } = parts;
const inner = { function: 'inner', file: 'app.go', line: 10 };
const outer = { function: 'outer', file: 'app.go', line: 20 };

/** Decodes the usual parts, some of them replaced, and some more. */
const decode = (changes: Partial<typeof parts> = {}, ...more: Bytes[]) =>
  decodePprof(bytesOf(...Object.values({ ...parts, ...changes }), ...more));

test('the tables of a profile may come in any order, the strings last or first', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(Object.values(parts), { minLength: 5 }), order => {
      const profile = decodePprof(bytesOf(...order));
      expect([...profile.samples()]).toEqual([
        { stack: [inner, outer], values: Float64Array.of(42), labels: [] },
      ]);
    }),
  );
});

test('lists may be packed, written one by one, or both', () => {
  for (const locations of [
    packed(1, 7, 7, 7),
    [1, 2, 3].flatMap(() => int(1, 7)),
    [...int(1, 7), ...packed(1, 7, 7), ...packed(1)],
  ]) {
    expect(decode({ sample: chunk(2, locations, int(2, 42)) }).stackOf(0)).toHaveLength(6);
  }
});

test('a sample may have no stack', () => {
  expect(decode({ sample: chunk(2, packed(2, 42)) }).stackOf(0)).toEqual([]);
});

test('values are signed, and exact up to 2^53', () => {
  for (const value of [0, 1, -1, 127, 128, -300, 2 ** 31, 2 ** 32, -(2 ** 32), 2 ** 53 - 1, 1 - 2 ** 53]) {
    expect(decode({ sample: chunk(2, packed(2, value)) }).values[0]).toBe(value);
    expect(decode({ sample: chunk(2, int(2, value)) }).values[0]).toBe(value);
  }
  expect(decode({ sample: chunk(2, packed(2, 2n ** 63n - 1n)) }).values[0]).toBe(2 ** 63);
  expect(decode({ sample: chunk(2, packed(2, -(2n ** 63n))) }).values[0]).toBe(-(2 ** 63));
});

test('addresses and times have all their 64 bits', () => {
  const profile = decode({}, int(9, 1_799_999_999_123_456_789n), int(10, -5n));
  expect(profile.locationAt(0).address).toBe(0xffff_ffff_ffff_fff0n);
  expect(profile).toMatchObject({ timeNanos: 1_799_999_999_123_456_789n, durationNanos: -5n });
});

test('ids may be addresses or hashes, in any order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.bigInt(1n, 2n ** 64n - 1n), { minLength: 1, maxLength: 20 }), ids => {
      const profile = decode({
        sample: chunk(2, packed(1, ...ids), packed(2, 1)),
        location: ids.flatMap((id, i) => chunk(4, int(1, id), chunk(4, int(1, 1), int(2, i + 1)))),
      });
      expect(profile.stackOf(0).map(frame => frame.line)).toEqual(ids.map((_, i) => i + 1));
    }),
  );
});

test('unknown fields of every type are passed over, in every message', () => {
  const group = [
    ...varint(30 * 8 + 3),
    ...int(1, 5),
    ...varint(31 * 8 + 3),
    ...varint(31 * 8 + 4),
    ...varint(30 * 8 + 4),
  ];
  const unknown = [
    ...int(40, -1),
    ...chunk(41, [1, 2, 3]),
    ...[...varint(42 * 8 + 1), 1, 2, 3, 4, 5, 6, 7, 8],
    ...[...varint(43 * 8 + 5), 1, 2, 3, 4],
    ...group,
  ];
  const profile = decodePprof(
    bytesOf(
      unknown,
      chunk(1, unknown, int(1, 1), unknown, int(2, 2)),
      chunk(
        2,
        unknown,
        packed(1, 7),
        unknown,
        packed(2, 42),
        chunk(3, unknown, int(1, 3), int(3, 9), unknown),
      ),
      chunk(4, unknown, int(1, 7), unknown, chunk(4, unknown, int(1, 1), int(2, 10), unknown)),
      unknown,
      functions,
      strings,
      unknown,
    ),
  );
  const [only] = profile.samples();
  expect(only).toEqual({
    stack: [inner],
    values: Float64Array.of(42),
    labels: [{ key: 'inner', number: 9 }],
  });
});

test('labels are texts or numbers, with units where they are told', () => {
  const labels = [
    chunk(3, int(1, 3), int(2, 4)),
    chunk(3, int(1, 3), int(3, -8), int(4, 1)),
    chunk(3, int(1, 3), int(3, 512)),
  ];
  expect(decode({ sample: chunk(2, ...labels, packed(2, 1)) }).labelsOf(0)).toEqual([
    { key: 'inner', text: 'outer' },
    { key: 'inner', number: -8, unit: 'count' },
    { key: 'inner', number: 512 },
  ]);
});

test('what a profile says of itself is read', () => {
  const texts = ['drop', 'keep', 'a comment', 'https://example.com/'].flatMap(each => text(6, each));
  const about = [
    int(7, 6),
    int(8, 7),
    chunk(11, int(1, 1), int(2, 2)),
    int(12, 99),
    packed(13, 8, 8),
    int(13, 1),
    int(14, 1),
    int(15, 9),
  ];
  expect(decode({}, texts, ...about)).toMatchObject({
    dropFrames: 'drop',
    keepFrames: 'keep',
    periodType: { type: 'count', unit: '1' },
    period: 99,
    comments: ['a comment', 'a comment', 'count'],
    defaultSampleType: 'count',
    docUrl: 'https://example.com/',
  });
});

test('a location without a function is named by its address', () => {
  const profile = decode({ location: chunk(4, int(1, 7), int(3, 0xabc)) });
  expect(profile.stackOf(0)).toEqual([{ function: '0xabc' }]);
});

test('mappings tell their files and what of them was resolved', () => {
  const mapping = chunk(
    3,
    int(1, 3),
    int(2, 4096),
    int(3, 2n ** 64n - 1n),
    int(4, 8),
    int(5, 5),
    int(6, 1),
    int(7, 1),
    int(10, 1),
  );
  const profile = decode({ location: chunk(4, int(1, 7), int(2, 3), int(5, 1)) }, mapping);
  expect(profile.locationAt(0)).toMatchObject({ folded: true, mapping: profile.mappings()[0] });
  expect(profile.mappings()).toEqual([
    {
      start: 4096n,
      limit: 2n ** 64n - 1n,
      offset: 8n,
      file: 'app.go',
      buildId: 'count',
      hasFunctions: true,
      hasFilenames: false,
      hasLineNumbers: false,
      hasInlineFrames: true,
    },
  ]);
});

test('texts are UTF-8, and what is not is marked', () => {
  expect(
    decode({ strings: ['', 'zählen', '1', 'λ', 'o', 'a'].flatMap(each => text(6, each)) }).sampleTypes[0],
  ).toMatchObject({ type: 'zählen' });
  expect(
    decode({ strings: [...text(6, ''), ...chunk(6, [0xff]), ...strings.slice(9)] }).sampleTypes[0]!.type,
  ).toBe('\ufffd');
});
