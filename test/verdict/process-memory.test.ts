import { describe, expect, test } from 'vitest';
import { findingsOf, overallVerdict } from '../../src/verdict/findings.js';
import { defaultMargins, marginsOf, tolerancesBeside } from '../../src/verdict/margins.js';
import { grown } from './grown-series.js';

/** What is found of anonymous memory where no heap is read, with resident memory beside it. */
function judge(perUpload: number, { noise = 0, rounds = 24, seed = 1, maxGrowth = [] as string[] } = {}) {
  const asked = marginsOf(maxGrowth);
  const value = (uploads: number) => 3e7 + perUpload * uploads;
  const pages = (uploads: number) => Math.round(value(uploads) / 4096) * 4096;
  const findings = findingsOf(
    [
      grown('anon', 'pid', { rounds, value: pages, noise, seed }),
      grown('rss', 'pid', { rounds, value: uploads => pages(uploads) + 8e6, noise, seed }),
    ],
    {
      margins: { ...defaultMargins, ...asked },
      tolerances: tolerancesBeside(asked),
      minUploads: 2000,
      looks: 5,
      processes: 1,
    },
  );
  return { anon: findings[0]!, rss: findings[1]!, overall: overallVerdict(findings) };
}

describe('the memory of a process whose heap is not read', () => {
  test.each([2300, 3100, 16_700])(
    'leaks where it grows by %i B per upload, less than a page or more',
    growth => {
      const { anon, overall } = judge(growth, { noise: 20_000 });
      expect(anon).toMatchObject({ verdict: 'leak', margin: 256, tolerance: 512 });
      expect(overall).toBe('leak');
    },
  );

  test.each([100, 200, 238])(
    'is not flat where it is shown to grow by %i B, less than is called a leak',
    growth => {
      const { anon, overall } = judge(growth);
      expect(anon).toMatchObject({ verdict: 'inconclusive', reason: 'near-margin' });
      expect(anon.perUpload.low).toBeGreaterThan(32);
      expect(overall).toBe('inconclusive');
    },
  );

  test('is flat where it grows by less than the tolerance and perhaps not at all', () => {
    const { anon, overall } = judge(0, { noise: 60_000, rounds: 48 });
    expect(anon).toMatchObject({ verdict: 'flat' });
    expect(anon.perUpload.low).toBeLessThan(32);
    expect(overall).toBe('flat');
  });

  test('is judged by its anonymous part alone: the rest is pages of files', () => {
    const { anon, rss } = judge(2300);
    expect([anon.decisive, rss.decisive]).toEqual([true, false]);
  });

  test('is called flat and a leak by the amount that the user tolerates', () => {
    expect(judge(2300, { maxGrowth: ['4KiB'] }).overall).toBe('flat');
    expect(judge(5000, { maxGrowth: ['4KiB'] }).overall).toBe('leak');
    expect(judge(238, { maxGrowth: ['256B'] }).overall).toBe('flat');
  });

  test('over seeded series, is called flat of two margins of growth at most in one of forty, and never a leak of none', () => {
    const seeds = Array.from({ length: 60 }, (_, i) => i + 1);
    const flats = seeds.filter(seed => judge(512, { noise: 40_000, seed }).overall === 'flat');
    const leaks = seeds.filter(seed => judge(0, { noise: 40_000, seed }).overall === 'leak');
    expect(flats.length).toBeLessThanOrEqual(2);
    expect(leaks).toEqual([]);
  });
});
