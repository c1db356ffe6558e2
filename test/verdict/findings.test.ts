import { describe, expect, test } from 'vitest';
import type { SourceName } from '../../src/probes/probe.js';
import { type ResourceName, resources } from '../../src/probes/resources.js';
import { allDecided, findingsOf, overallVerdict } from '../../src/verdict/findings.js';
import { defaultMargins } from '../../src/verdict/margins.js';
import type { Series } from '../../src/verdict/series.js';

/** A series of 24 rounds of 100 uploads that grows by so much per upload; its warm-up is wild. */
function series(name: ResourceName, source: SourceName, perUpload: number, rounds = 24): Series {
  const point = (uploads: number, value: number, round: 'warm-up' | 'upload') => ({
    uploads,
    value,
    round,
    seconds: uploads,
  });
  const upload = (i: number) => point(200 + i * 100, Math.round(1e6 + perUpload * i * 100), 'upload');
  const warmUp = [point(0, 5e6, 'warm-up'), point(100, 1e5, 'warm-up'), point(200, 3e5, 'warm-up')];
  const points = [...warmUp, ...Array.from({ length: rounds }, (_, i) => upload(i + 1))];
  return { name, unit: resources[name].unit, source, points };
}

const options = { margins: defaultMargins, minUploads: 2000, looks: 5, processes: 1 };
const judge = (...all: Series[]) => judgeOf(1, all);
const judgeOf = (processes: number, all: Series[]) => {
  const findings = findingsOf(all, { ...options, processes });
  return { findings, verdicts: findings.map(({ verdict }) => verdict), overall: overallVerdict(findings) };
};

describe('a hunt', () => {
  test('is a leak where one resource that counts leaks', () => {
    const { overall, verdicts } = judge(series('heap', 'pprof', 0), series('goroutines', 'pprof', 1));
    expect(verdicts).toEqual(['flat', 'leak']);
    expect(overall).toBe('leak');
  });

  test('is flat only where everything that counts is', () => {
    expect(judge(series('heap', 'pprof', 0), series('sockets', 'pid', 0)).overall).toBe('flat');
    expect(judge(series('heap', 'pprof', 0), series('sockets', 'pid', 0, 2)).overall).toBe('inconclusive');
    expect(judge().overall).toBe('inconclusive');
  });

  test('judges no warm-up', () => expect(judge(series('heap', 'pprof', 0)).overall).toBe('flat'));
  test('is over once everything that counts is decided', () => {
    expect(allDecided(judge(series('heap', 'pprof', 0), series('rss', 'pid', 0, 2)).findings)).toBe(true);
    expect(allDecided(judge(series('heap', 'pprof', 0, 2), series('rss', 'pid', 0)).findings)).toBe(false);
  });
});

describe('resident memory', () => {
  test('is suspect at most where an exact heap is flat and it grows by less than a page', () => {
    const { verdicts, overall } = judge(series('heap', 'inspector', 0), series('rss', 'pid', 3000));
    expect(verdicts).toEqual(['flat', 'suspect']);
    expect(overall).toBe('flat');
  });

  test('is not outvoted by the exact heap of one process of several', () => {
    const all = [series('heap', 'inspector', 0), series('rss', 'pid', 50_000)];
    expect(judgeOf(3, all).overall).toBe('leak');
  });

  test('is not outvoted by a heap that is read without a collection', () => {
    expect(judge(series('heap', 'expvar', 0), series('rss', 'pid', 50_000)).overall).toBe('leak');
  });

  test('is the judge where there is nothing better', () => {
    expect(judge(series('threads', 'pid', 0), series('rss', 'pid', 50_000)).overall).toBe('leak');
  });
});

describe('memory that grows with nothing else to support it', () => {
  test('may be a cache that fills, and is no leak before enough uploads', () => {
    const { findings, overall } = judge(series('heap', 'pprof', 1000, 16));
    expect(findings[0]).toMatchObject({ verdict: 'inconclusive', reason: 'may-be-filling' });
    expect(findings[0]!.moreUploads).toBeGreaterThan(0);
    expect(overall).toBe('inconclusive');
  });

  test('is a leak after enough uploads', () =>
    expect(judge(series('heap', 'pprof', 1000)).overall).toBe('leak'));

  test('is a leak at once where a count leaks beside it', () => {
    expect(judge(series('heap', 'pprof', 1000, 16), series('sockets', 'pid', 1, 16)).verdicts).toEqual([
      'leak',
      'leak',
    ]);
  });
});
