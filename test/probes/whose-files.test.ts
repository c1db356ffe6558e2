import { describe, expect, test } from 'vitest';
import { familyOf } from '../../src/probes/sources/name-pattern.js';
import { type Births, noBirths, ownerOf, type Watched } from '../../src/probes/sources/whose-files.js';

/** Ten rounds of 100 uploads, a quarter of a second each. */
const watched: Watched = { before: 0.6, quiet: 2.5, uploading: 2.5, rounds: 10, uploads: 1_000 };

/** Each at a moment of its own, as far as there are so many tenths of a second. */
const births = (some: Partial<Births>): Births => ({
  ...noBirths(),
  quietMoments: Math.min(25, some.quiet ?? 0),
  uploadingMoments: Math.min(25, some.uploading ?? 0),
  ...some,
});
/** Files that come at so many per second, whatever is uploaded. */
const byTime = (rate: number) =>
  births({
    before: Math.round(rate * watched.before),
    quiet: Math.round(rate * watched.quiet),
    uploading: Math.round(rate * watched.uploading),
    rounds: Math.min(10, Math.round(rate * watched.uploading)),
    ...(rate * watched.uploading >= 1 ? { firstRound: 1 } : {}),
  });

describe('a family of files is the target’s', () => {
  test('where one comes with each upload, and hardly any between them', () => {
    expect(ownerOf(births({ uploading: 1_000, rounds: 10, firstRound: 1, quiet: 2 }), watched, true)).toBe(
      'target',
    );
  });

  test('where one comes with every tenth upload in a folder that others fill', () => {
    expect(ownerOf(births({ uploading: 100, rounds: 10, firstRound: 1 }), watched, true)).toBe('target');
  });

  test('where the target was seen to write one, whenever they come', () => {
    expect(ownerOf({ ...byTime(20), held: true }, watched, true)).toBe('target');
  });

  test('where it comes seldom, in a folder that nobody else writes to', () => {
    expect(ownerOf(births({ uploading: 3, rounds: 2, firstRound: 4 }), watched, false)).toBe('target');
  });

  test('where it began with the uploads and goes on between them, as what a queue works off', () => {
    const queued = births({ quiet: 400, uploading: 500, rounds: 10, firstRound: 1 });
    expect(ownerOf(queued, watched, false)).toBe('target');
  });

  test('where it began late', () => {
    expect(ownerOf(births({ uploading: 300, rounds: 3, firstRound: 8 }), watched, true)).toBe('target');
  });
});

describe('a family of files is a stranger’s', () => {
  test.each([1, 5, 20, 200])('where %i come per second, with uploads and without', rate => {
    expect(ownerOf(byTime(rate), watched, false)).toBe('stranger');
  });

  test('where it comes in bursts, of which none happened to come before the first upload', () => {
    const bursts = births({
      quiet: 60,
      uploading: 80,
      quietMoments: 3,
      uploadingMoments: 5,
      rounds: 5,
      firstRound: 1,
    });
    expect(ownerOf(bursts, watched, true)).toBe('stranger');
  });

  test('where a few came while uploads were in flight, in a folder that others fill', () => {
    expect(ownerOf(births({ uploading: 3, rounds: 2, firstRound: 2 }), watched, true)).toBe('stranger');
  });
});

describe('it is not known whose a family is', () => {
  test('where more come with uploads than without, and many without', () => {
    const both = births({ before: 12, quiet: 50, uploading: 400, rounds: 10, firstRound: 1 });
    expect(ownerOf(both, watched, true)).toBe('open');
  });

  test('where many came at once, in one round, in a folder that others fill', () => {
    expect(ownerOf(births({ uploading: 40, rounds: 1, firstRound: 6 }), watched, true)).toBe('open');
  });
});

test.each([
  ['upload-9f2c7d1e44aa', 'upload-*'],
  ['upload-abc1234567890123', 'upload-*'],
  ['multipart-1837465', 'multipart-*'],
  ['0000000012', '* (number)'],
  ['9f2c7d1e44aa9f2c7d1e44aa9f2c7d1e', '* (hex, 32)'],
  ['kqzjwpxv', '.'],
  ['report.csv', '.csv'],
])('%s is of the family %s', (name, family) => {
  expect(familyOf(name)).toBe(family);
});
