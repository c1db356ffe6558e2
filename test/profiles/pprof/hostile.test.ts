import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LeakhuntError } from '../../../src/errors.js';
import { decodePprof } from '../../../src/profiles/pprof/decode.js';
import { capture } from './captures.js';
import { type Bytes, bytesOf, chunk, int, packed, parts, text, varint } from './proto.js';

const real = gunzipSync(capture('heap-body-1.pb.gz'));

/** What decoding throws; undefined where the bytes are a profile, every method of which works. */
function problemOf(bytes: Uint8Array): string | undefined {
  try {
    const profile = decodePprof(bytes);
    for (const { stack } of profile.samples()) if (stack.length > 65_536) throw new Error('too deep');
    profile.mappings();
    return undefined;
  } catch (error) {
    if (error instanceof LeakhuntError && error.code === 'BAD_PROFILE' && error.exitCode === 4)
      return error.message;
    throw error;
  }
}

const problemWith = (changes: Partial<Record<keyof typeof parts, Bytes>>, ...more: Bytes[]) =>
  problemOf(bytesOf(...Object.values({ ...parts, ...changes }), ...more));

describe('a real profile', () => {
  test('that is cut off anywhere is refused, or is a profile of what is left', () => {
    const lengths = Array.from({ length: 400 }, (_, i) => Math.floor((i * real.length) / 400));
    const problems = lengths.map(length => problemOf(real.subarray(0, length)));
    expect(problems.filter(Boolean).length).toBeGreaterThan(350);
  });

  test('with flipped bits is refused, or read', () => {
    const flips = fc.array(fc.tuple(fc.nat(real.length - 1), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 8,
    });
    let refused = 0;
    fc.assert(
      fc.property(flips, changes => {
        const bytes = Uint8Array.from(real);
        for (const [at, bits] of changes) bytes[at]! ^= bits;
        if (problemOf(bytes)) refused += 1;
      }),
      { numRuns: 1000, seed: 1 },
    );
    expect(refused).toBeGreaterThan(300);
  });

  test('whose gzip form is cut off is refused', () => {
    const gzip = capture('heap-body-1.pb.gz');
    for (const length of [2, 10, 17, 18, 500, gzip.length - 1]) {
      expect(problemOf(gzip.subarray(0, length))).toMatch(/gzip data could not be decompressed/);
    }
  });
});

test('random bytes are no profile', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      problemOf(bytes);
      problemOf(bytesOf(...Object.values(parts), [...bytes]));
    }),
    { numRuns: 2000 },
  );
});

test('texts and nothing at all are no profile', () => {
  for (const each of [
    '',
    'heap profile: 1: 2 [3: 4] @ heap/1048576',
    '<!doctype html>',
    '{"error":"not found"}',
    '404 page not found\n',
  ]) {
    expect(problemOf(Buffer.from(each))).toMatch(/^The (profile|bytes) .* fetch the profile again\.$/);
  }
});

describe('what would take more memory than it is worth is refused at once:', () => {
  test('a gzip bomb', () => {
    const bomb = gzipSync(new Uint8Array(32 << 20));
    expect(bomb.length).toBeLessThan(40_000);
    expect(() => decodePprof(bomb, { maxBytes: 16 << 20 })).toThrow(
      /larger than 16777216 bytes when decompressed/,
    );
    const lying = Uint8Array.from(bomb);
    lying.set([1, 0, 0, 0], bomb.length - 4);
    expect(() => decodePprof(lying, { maxBytes: 16 << 20 })).toThrow(
      /larger than 16777216 bytes|could not be decompressed/,
    );
    expect(() => decodePprof(new Uint8Array(101), { maxBytes: 100 })).toThrow(/larger than 100 bytes/);
  });

  test('lengths beyond the end', () => {
    for (const length of [100, 2 ** 31, 2 ** 32 - 1, 2n ** 32n, 2n ** 53n, 2n ** 64n - 1n]) {
      for (const field of [1, 2, 3, 4, 5, 6, 11, 13, 99]) {
        const bytes = [...varint(field * 8 + 2), ...varint(length), 1, 2, 3];
        expect(problemWith({}, bytes)).toMatch(/a length of \d+ bytes goes beyond its end/);
      }
      expect(problemWith({ sample: chunk(2, [0x0a, ...varint(length)]) })).toMatch(/goes beyond its end/);
      expect(problemWith({ location: chunk(4, [0x22, ...varint(length)]) })).toMatch(/goes beyond its end/);
    }
  });

  test('values of a thousand types that the samples do not have', () => {
    const types = Array.from({ length: 1000 }, () => chunk(1, int(1, 1))).flat();
    const samples = new Uint8Array(2_000_000).map((_, i) => (i % 2 === 0 ? 0x12 : 0));
    const bytes = Buffer.concat([bytesOf(types, parts.strings), samples]);
    expect(problemOf(bytes)).toMatch(/more than four times that for its 1000000 samples/);
  });

  test('more messages than bytes pay for', () => {
    const strings = new Uint8Array(40_000_000).map((_, i) => (i % 2 === 0 ? 0x32 : 0));
    const before = process.memoryUsage().arrayBuffers;
    expect(problemOf(Buffer.concat([bytesOf(parts.type), strings]))).toBeUndefined();
    const locations = new Uint8Array(40_000_000).map((_, i) => (i % 2 === 0 ? 0x22 : 0));
    expect(problemOf(Buffer.concat([bytesOf(...Object.values(parts)), locations]))).toMatch(
      /four times|no id/,
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 80_000_000);
  });

  test('sample types and comments without end', () => {
    expect(
      problemWith(
        {},
        new Array(2002).fill(0).map((_, i) => (i % 2 === 0 ? 0x0a : 0)),
      ),
    ).toMatch(/too many sample types/);
    expect(problemWith({}, packed(13, ...new Array(100_001).fill(0)))).toMatch(/too many comments/);
  });

  test('a stack of inlined frames in inlined frames', () => {
    const lines = Array.from({ length: 1000 }, () => chunk(4, int(1, 1))).flat();
    const location = chunk(4, int(1, 7), lines);
    const deep = (times: number) => chunk(2, packed(1, ...new Array(times).fill(7)), packed(2, 1));
    expect(problemWith({ location, sample: deep(65) })).toBeUndefined();
    expect(problemWith({ location, sample: deep(66) })).toMatch(
      /a stack is 66000 frames deep, more than 65536/,
    );
  });
});

describe('what refers to something that is not there is refused:', () => {
  test('a location', () => {
    for (const id of [0, 1, 6, 8, 129, 2 ** 31, 2n ** 40n, 2n ** 64n - 1n]) {
      expect(problemWith({ sample: chunk(2, packed(1, 7, id), packed(2, 1)) })).toMatch(
        `there is no location with the id ${id}`,
      );
      expect(problemWith({ sample: chunk(2, int(1, id), packed(2, 1)) })).toMatch(
        `there is no location with the id ${id}`,
      );
    }
  });

  test('a function, a mapping', () => {
    expect(problemWith({ location: chunk(4, int(1, 7), chunk(4, int(1, 3))) })).toMatch(
      /at byte \d+, there is no function with the id 3/,
    );
    expect(problemWith({ location: chunk(4, int(1, 7), int(2, 1)) })).toMatch(
      /there is no mapping with the id 1/,
    );
  });

  test('a string, wherever it is named', () => {
    for (const index of [6, 2 ** 31, -1, 2n ** 63n - 1n]) {
      const named = [
        problemWith({ type: chunk(1, int(1, index)) }),
        problemWith({ functions: [...parts.functions, ...chunk(5, int(1, 3), int(4, index))] }),
        problemWith({ sample: chunk(2, packed(2, 1), chunk(3, int(1, index))) }),
        problemWith({}, chunk(3, int(1, 1), int(6, index))),
        problemWith({}, int(14, index)),
        problemWith({}, packed(13, index)),
      ];
      for (const problem of named) expect(problem).toMatch(/there is no string -?\d+ among 6/);
    }
  });
});

test.each<[string, Partial<Record<keyof typeof parts, Bytes>>, RegExp]>([
  [
    'two locations of one id',
    { location: [...chunk(4, int(1, 7)), ...chunk(4, int(1, 7))] },
    /two locations have the id 7/,
  ],
  ['a location without an id', { location: [...parts.location, ...chunk(4)] }, /a location has no id/],
  ['too few values', { sample: chunk(2, packed(1, 7)) }, /a sample has 0 values, not 1/],
  ['too many values', { sample: chunk(2, packed(2, 1, 2, 3)) }, /a sample has 3 values, not 1/],
  ['no sample types', { type: [] }, /not a pprof profile, because they name no sample types/],
  [
    'a first string that is not empty',
    { strings: [...text(6, 'x'), ...parts.strings] },
    /the first string is not empty/,
  ],
  [
    'a packed number that is cut off',
    { sample: chunk(2, chunk(1, [7, 0x80]), packed(2, 1)) },
    /a number is cut off/,
  ],
  [
    'a number of 11 bytes',
    { sample: chunk(2, chunk(2, [...new Array(10).fill(0x80), 0])) },
    /longer than 10 bytes/,
  ],
  ['a field 0', { sample: chunk(2, [0, 0]) }, /a field has no valid number/],
  ['a type that does not exist', { sample: chunk(2, [0x0f]) }, /field 1 has the unknown type 7/],
  ['a group that does not end', { sample: chunk(2, [0x2b]) }, /a number is cut off/],
  ['a group that ends as another', { sample: chunk(2, [0x2b, 0x34]) }, /a group ends that never started/],
  [
    'groups in groups',
    { sample: chunk(2, new Array(1_000_000).fill(0x2b)) },
    /groups are nested more than 100 deep/,
  ],
])('a profile with %s is refused', (_, changes, problem) => {
  expect(problemWith(changes)).toMatch(problem);
});
