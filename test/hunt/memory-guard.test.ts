import { describe, expect, test } from 'vitest';
import { blindUploads, uploadsThatFit } from '../../src/hunt/memory-guard.js';

const MiB = 2 ** 20;
const limits = { maxMemory: 1024 * MiB, maxDisk: 2048 * MiB };

/** Rounds after which the process has so many MiB, each of 100 uploads but for the first reading. */
const rounds = (...rss: number[]) =>
  rss.map((each, i) => ({
    step: { kind: i === 0 ? 'start' : 'upload' },
    ...(i === 0 ? {} : { result: { completed: 100 } }),
    reading: { values: { rss: each * MiB } },
  }));

describe('a round', () => {
  test('is as long as it was asked for where uploads add little', () => {
    expect(uploadsThatFit(rounds(50, 90, 91), 100, limits)).toBe(100);
    expect(uploadsThatFit(rounds(50, 90, 80), 100, limits)).toBe(100);
    expect(uploadsThatFit([], 100, limits)).toBe(100);
  });

  test('shrinks to a sixteenth of what may still be added', () => {
    // 1.28 MiB per upload, 768 MiB left.
    expect(uploadsThatFit(rounds(50, 178, 306), 100, limits)).toBe(37);
  });

  test('is none where nothing may be added any more', () => {
    expect(uploadsThatFit(rounds(50, 600, 1100), 100, limits)).toBe(0);
  });

  test('shrinks for the sake of the disk, too', () => {
    const onDisk = [0, 128].map((disk, i) => ({
      step: { kind: 'upload' },
      ...(i === 0 ? {} : { result: { completed: 100 } }),
      reading: { values: { rss: 50 * MiB, disk: disk * MiB } },
    }));
    expect(uploadsThatFit(onDisk, 100, limits)).toBe(46);
  });

  test('the first one adds a quarter at most, however much is kept', () => {
    expect(blindUploads(1.3e6, limits)).toBeGreaterThan(100);
    expect(blindUploads(100 * MiB, limits)).toBe(2);
    expect(blindUploads(4096 * MiB, limits)).toBe(1);
  });
});

test('rounds that shrink never add more than they may, and are many', () => {
  const taken = rounds(50, 178);
  let count = 0;
  for (; count < 96; count += 1) {
    const uploads = uploadsThatFit(taken, 100, limits);
    if (uploads === 0) break;
    const rss = taken.at(-1)!.reading.values.rss + uploads * 1.28 * MiB;
    taken.push({ step: { kind: 'upload' }, result: { completed: uploads }, reading: { values: { rss } } });
  }
  expect(count).toBeGreaterThan(30);
  expect(taken.at(-1)!.reading.values.rss).toBeLessThan((50 + 1024) * MiB);
});
