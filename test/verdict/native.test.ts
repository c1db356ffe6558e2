import { describe, expect, test } from 'vitest';
import { allDecided, findingsOf, overallVerdict } from '../../src/verdict/findings.js';
import { defaultMargins, tolerancesBeside } from '../../src/verdict/margins.js';
import type { Series } from '../../src/verdict/series.js';
import { grown } from './grown-series.js';

const options = {
  margins: defaultMargins,
  tolerances: tolerancesBeside(),
  minUploads: 2000,
  looks: 5,
  processes: 1,
};
const MB = 1e6;
const heap = (rounds: number) => grown('heap', 'jcmd', { rounds, value: () => 5 * MB, noise: 2000, seed: 7 });

function judge(anon: Series, rounds: number, more: object = {}) {
  const findings = findingsOf([heap(rounds), anon], { ...options, ...more });
  return { findings, anon: findings[1]!, overall: overallVerdict(findings) };
}

describe('the memory of a process whose heap was read and is flat', () => {
  /** What the unclosed compression streams of a JVM look like: 130 kB an upload. */
  const streams = (rounds: number, managed?: (uploads: number) => number) =>
    grown('anon', 'pid', { rounds, value: uploads => 80 * MB + 130_000 * uploads, managed, noise: MB });

  test('is a leak of native memory where it grows far more than kept pages explain', () => {
    const { anon, overall } = judge(
      streams(24, () => 20 * MB),
      24,
    );
    expect(anon).toMatchObject({ verdict: 'leak', reason: 'native', decisive: true });
    expect(anon.perUpload.low).toBeGreaterThan(110_000);
    expect(anon.perUpload.high).toBeLessThan(150_000);
    expect(overall).toBe('leak');
  });

  test('keeps the hunt from being called flat before it is one', () => {
    const { anon, findings, overall } = judge(
      streams(8, () => 20 * MB),
      8,
    );
    expect(findings[0]!.verdict).toBe('flat');
    expect(anon).toMatchObject({ verdict: 'inconclusive', reason: 'native', decisive: true });
    expect([overall, allDecided(findings)]).toEqual(['inconclusive', false]);
  });

  test('is not called flat while it probably grows, and it is only in doubt what of that comes without uploads', () => {
    const shaky = grown('anon', 'pid', {
      rounds: 16,
      value: uploads => 80 * MB + 50_000 * uploads,
      managed: () => 20 * MB,
      perSecond: 2 * MB,
      noise: 2 * MB,
    });
    const { anon, overall } = judge(shaky, 16, { minUploads: 0 });
    expect(anon).toMatchObject({ verdict: 'inconclusive', reason: 'too-noisy', decisive: true });
    expect(overall).toBe('inconclusive');
  });

  test('is no leak where its runtime holds all of the growth for its heap', () => {
    const committed = (uploads: number) => 20 * MB + 130_000 * uploads;
    const { anon, overall } = judge(streams(24, committed), 24);
    expect(anon).toMatchObject({ verdict: 'suspect', decisive: false });
    expect(overall).toBe('flat');
  });

  test('is no proof of a leak where it is not known how much its runtime holds', () => {
    expect(judge(streams(24), 24).anon).toMatchObject({ verdict: 'inconclusive', reason: 'native' });
  });

  test('is proof nonetheless once it has outgrown the largest heap there can be', () => {
    const collector = (limit: number) => ({ collector: { runtime: 'java' as const, limit } });
    expect(judge(streams(24), 24, collector(200 * MB)).anon.verdict).toBe('leak');
    expect(judge(streams(24), 24, collector(400 * MB)).anon.verdict).toBe('inconclusive');
  });

  test('is no leak where an allocator has filled its arenas', () => {
    const value = (uploads: number) => 80 * MB + 60 * MB * -Math.expm1(-uploads / 300);
    const arenas = grown('anon', 'pid', { rounds: 24, value, managed: () => 20 * MB, noise: 0.2 * MB });
    expect(judge(arenas, 24).overall).toBe('flat');
  });

  test('is flat where it grows by less than a page', () => {
    const value = (uploads: number) => 80 * MB + 3000 * uploads;
    const { anon, overall } = judge(grown('anon', 'pid', { rounds: 24, value, managed: () => 0 }), 24);
    expect(anon).toMatchObject({ verdict: 'flat', decisive: false, margin: 4096 });
    expect(overall).toBe('flat');
  });

  test('is inconclusive where it grew in its first half only', () => {
    const value = (uploads: number) => 80 * MB + 130_000 * Math.min(uploads, 1300);
    const { anon } = judge(grown('anon', 'pid', { rounds: 24, value, managed: () => 0, noise: MB }), 24);
    expect(anon).toMatchObject({ verdict: 'inconclusive', reason: 'too-noisy' });
  });
});
