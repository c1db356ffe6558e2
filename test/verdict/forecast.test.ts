import { describe, expect, test } from 'vitest';
import type { ResourceName } from '../../src/probes/resources.js';
import type { Finding } from '../../src/verdict/finding.js';
import { forecast } from '../../src/verdict/forecast.js';

function finding(name: ResourceName, verdict: Finding['verdict'], estimate: number, first = 0): Finding {
  const points = [{ uploads: 0, value: first, round: 'start' as const, seconds: 0 }];
  return {
    series: { name, unit: 'bytes', source: 'pprof', points },
    verdict,
    reason: 'growing',
    perUpload: { estimate, low: estimate / 2, high: estimate * 2 },
    confidence: 0.975,
    margin: 256,
    decisive: true,
  };
}

const GiB = 2 ** 30;

describe('a forecast', () => {
  test('takes the whole process where it leaks by more than the parts that were read', () => {
    const findings = [
      finding('heap', 'leak', 100),
      finding('anon', 'leak', 13_000),
      finding('rss', 'leak', 13_000),
    ];
    expect(forecast(findings, { uploadsPerSecond: 1 / 86_400 })!.perDay.estimate).toBeCloseTo(13_000);
  });

  test('adds native memory to the parts that leak beside it', () => {
    const native = { ...finding('anon', 'leak', 13_000), reason: 'native' as const };
    const findings = [finding('heap', 'leak', 100), native, finding('rss', 'leak', 13_100)];
    expect(forecast(findings, { uploadsPerSecond: 1 / 86_400 })!.perDay.estimate).toBeCloseTo(13_100);
  });

  test('takes no kept pages for what leaks', () => {
    const rss = { ...finding('rss', 'leak', 9000), decisive: false };
    expect(
      forecast([finding('heap', 'leak', 772), rss], { uploadsPerSecond: 1 / 86_400 })!.perDay.estimate,
    ).toBeCloseTo(772);
  });

  test('says how fast memory grows under a traffic', () => {
    const { perDay } = forecast([finding('heap', 'leak', 1000)], { uploadsPerSecond: 10_000 / 86_400 })!;
    expect(perDay.estimate).toBeCloseTo(10e6);
    expect([perDay.low, perDay.high]).toEqual([expect.closeTo(5e6), expect.closeTo(20e6)]);
  });

  test('says when a limit is reached, from what the process held before the hunt', () => {
    const findings = [finding('heap', 'leak', 2 ** 20), finding('rss', 'leak', 2 ** 20, GiB)];
    const { secondsLeft } = forecast(findings, { uploadsPerSecond: 1, memoryLimit: 4 * GiB })!;
    expect(secondsLeft!.estimate).toBeCloseTo(3 * 1024);
    expect(secondsLeft!.low).toBeCloseTo((3 * 1024) / 2);
    expect(secondsLeft!.high).toBeCloseTo(2 * 3 * 1024);
  });

  test('adds up the parts of memory that leak, and none twice', () => {
    const findings = ['heap', 'array-buffers', 'external', 'rss'].map(name =>
      finding(name as ResourceName, 'leak', 100),
    );
    expect(forecast(findings, { uploadsPerSecond: 1 / 86_400 })!.perDay.estimate).toBeCloseTo(200);
  });

  test('counts shared memory that leaks, which no anonymous memory holds', () => {
    const perDay = (...findings: Finding[]) =>
      forecast(findings, { uploadsPerSecond: 1 / 86_400 })?.perDay.estimate;
    const shmem = finding('shmem', 'leak', 5000);
    expect(perDay(shmem)).toBeCloseTo(5000);
    expect(perDay(finding('anon', 'leak', 1000), shmem)).toBeCloseTo(6000);
    expect(perDay(finding('heap', 'leak', 900), finding('anon', 'leak', 1000), shmem)).toBeCloseTo(6000);
    expect(perDay(finding('rss', 'leak', 6100), shmem)).toBeCloseTo(6100);
    // The heap of ZGC lies in it.
    expect(perDay(finding('heap', 'leak', 5000), { ...shmem, decisive: false })).toBeCloseTo(5000);
  });

  test('is none where no memory leaks', () => {
    expect(
      forecast([finding('heap', 'flat', 3), finding('sockets', 'leak', 1)], { uploadsPerSecond: 1 }),
    ).toBeUndefined();
  });
});
