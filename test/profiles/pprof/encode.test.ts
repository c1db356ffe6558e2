import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { Profile } from 'pprof-format';
import { expect, test } from 'vitest';
import { decodePprof } from '../../../src/profiles/pprof/decode.js';
import { encodePprof } from '../../../src/profiles/pprof/encode.js';
import { byDecoder, byOracle } from './oracle.js';

const frame = fc.record(
  {
    function: fc.string({ minLength: 1, unit: 'grapheme' }),
    file: fc.string({ minLength: 1 }),
    line: fc.integer({ min: 1, max: 2 ** 31 }),
  },
  { requiredKeys: ['function'] },
);
const value = fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.constant(0));
const label = fc.oneof(
  fc.record({ key: fc.string(), text: fc.string({ minLength: 1 }) }),
  fc.record(
    { key: fc.string(), number: value, unit: fc.string({ minLength: 1 }) },
    { requiredKeys: ['key', 'number'] },
  ),
);
const valueType = fc.record({ type: fc.string(), unit: fc.string() });
const source = fc.uniqueArray(valueType, { minLength: 1, maxLength: 4 }).chain(sampleTypes =>
  fc.record({
    sampleTypes: fc.constant(sampleTypes),
    rows: fc.array(
      fc.record({
        stack: fc.array(frame, { maxLength: 12 }),
        values: fc.array(value, { minLength: sampleTypes.length, maxLength: sampleTypes.length }),
        labels: fc.array(label, { maxLength: 3 }),
      }),
    ),
    periodType: valueType,
    period: fc.maxSafeNat(),
    timeNanos: fc.nat(),
    durationNanos: fc.nat(),
    comments: fc.array(fc.string(), { maxLength: 3 }),
  }),
);

test('what is written is read again, by the decoder and by pprof-format', () => {
  fc.assert(
    fc.property(source, written => {
      const bytes = encodePprof(written);
      const profile = decodePprof(bytes);
      const { rows, timeNanos, durationNanos, ...rest } = written;
      expect(profile).toMatchObject({
        ...rest,
        timeNanos: BigInt(timeNanos),
        durationNanos: BigInt(durationNanos),
      });
      const read = Array.from(profile.samples(), each => ({ ...each, values: [...each.values] }));
      expect(read).toEqual(rows);
      expect(byDecoder(profile)).toEqual(byOracle(bytes));
    }),
  );
});

const sampleTypes = [{ type: 'inuse_space', unit: 'bytes' }];

test('strings, functions and locations are written once', () => {
  const at = (line: number) => ({ function: 'main.f', file: 'main.go', line });
  const rows = [[at(1), at(2)], [at(2), at(1)], [at(2)]].map(stack => ({ stack, values: [1] }));
  const profile = Profile.decode(gunzipSync(encodePprof({ sampleTypes, rows })));
  expect([profile.function, profile.location, profile.mapping].map(each => each.length)).toEqual([1, 2, 1]);
  expect(profile.stringTable.strings).toEqual(['', 'inuse_space', 'bytes', 'main.f', 'main.go']);
});

test('values are rounded to the nearest whole number that an int64 holds', () => {
  const values = [0.4, 0.5, -0.6, 1e300, -1e300, Number.NaN, 2 ** 60];
  const profile = decodePprof(
    encodePprof({ sampleTypes, rows: values.map(each => ({ stack: [], values: [each] })) }),
  );
  expect([...profile.values]).toEqual([0, 1, -1, 2 ** 63 - 1024, -(2 ** 63), 0, 2 ** 60]);
});

test('a value that a row leaves out is 0', () => {
  expect([...decodePprof(encodePprof({ sampleTypes, rows: [{ stack: [], values: [] }] })).values]).toEqual([
    0,
  ]);
});
