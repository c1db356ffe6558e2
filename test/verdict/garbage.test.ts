import { describe, expect, test } from 'vitest';
import type { SourceName } from '../../src/probes/probe.js';
import { type ResourceName, resources } from '../../src/probes/resources.js';
import type { Collector } from '../../src/target/processes/collector.js';
import { findingsOf, type JudgingOptions, overallVerdict } from '../../src/verdict/findings.js';
import { outgrows } from '../../src/verdict/garbage.js';
import { defaultMargins, tolerancesBeside } from '../../src/verdict/margins.js';
import { grown } from './grown-series.js';

const MiB = 2 ** 20;
const options = {
  margins: defaultMargins,
  tolerances: tolerancesBeside(),
  minUploads: 2000,
  looks: 5,
  processes: 1,
};

function judge(name: ResourceName, source: SourceName, growth: number, known: Partial<JudgingOptions>) {
  const value = (uploads: number) => 2e7 + growth * uploads;
  const noise = resources[name].unit === 'bytes' ? 10_000 : 0;
  const series = grown(name, source, { rounds: 24, value, noise });
  const findings = findingsOf([series], { ...options, ...known });
  return { ...findings[0]!, overall: overallVerdict(findings) };
}

const go = (settings: Partial<Collector>): Collector => ({
  runtime: 'go',
  limit: Number.POSITIVE_INFINITY,
  ...settings,
});

describe('memory of a runtime that collects when it pleases', () => {
  test('that may all be garbage is no leak, however straight it grows', () => {
    const found = judge('anon', 'pid', 115_000, { collector: go({ limit: 600 * MiB }) });
    expect(found).toMatchObject({ verdict: 'inconclusive', reason: 'not-collected', decisive: true });
    expect(found.overall).toBe('inconclusive');
  });

  test('is not said to be decided by more uploads where it only seems to grow', () => {
    const noisy = (rounds: number) => {
      const value = (uploads: number) => 2e7 + 10_000 * uploads;
      const series = grown('anon', 'pid', { rounds, value, noise: 5e6 });
      return findingsOf([series], { ...options, collector: go({ limit: 600 * MiB }) })[0]!;
    };
    expect(noisy(24)).toMatchObject({ verdict: 'inconclusive', reason: 'not-collected' });
    expect(noisy(24).moreUploads).toBeUndefined();
    expect(noisy(3).reason).toBe('too-few-rounds');
  });

  test('leaks where it has outgrown all garbage that it may keep', () => {
    expect(judge('anon', 'pid', 115_000, { collector: go({ limit: 200 * MiB }) }).verdict).toBe('leak');
    expect(judge('anon', 'pid', 115_000, { collector: go({ percent: 100 }) }).verdict).toBe('leak');
  });

  test('is flat where it does not grow', () => {
    expect(judge('anon', 'pid', 0, { collector: go({ percent: 100 }) }).verdict).toBe('flat');
  });

  test('of several processes has as many heaps to outgrow', () => {
    const collector = go({ limit: 200 * MiB });
    expect(judge('anon', 'pid', 115_000, { collector, processes: 2 }).reason).toBe('not-collected');
  });

  test('leaves what is counted as it is: threads are no garbage', () => {
    expect(judge('threads', 'pid', 1, { collector: go({ limit: 600 * MiB }) }).verdict).toBe('leak');
  });

  test('is judged as ever where nothing collects', () => {
    expect(judge('anon', 'pid', 115_000, {}).verdict).toBe('leak');
  });
});

describe('a heap that is read without a collection', () => {
  test('is no leak before collections have been through it', () => {
    const found = judge('heap', 'expvar', 20_000, { collections: 1 });
    expect(found).toMatchObject({ verdict: 'inconclusive', reason: 'not-collected' });
  });

  test('leaks where it grows on through collection after collection', () => {
    expect(judge('heap', 'expvar', 20_000, { collections: 12 }).verdict).toBe('leak');
  });
});

describe('garbage', () => {
  test('of Go is as much as is in use at GOGC=100, and 4 MiB at least', () => {
    expect(outgrows(go({ percent: 100 }), 30 * MiB, 59 * MiB)).toBe(false);
    expect(outgrows(go({ percent: 100 }), 30 * MiB, 61 * MiB)).toBe(true);
    expect(outgrows(go({ percent: 100 }), MiB, 4 * MiB)).toBe(false);
  });

  test('that nothing bounds is never outgrown', () => {
    expect(outgrows(go({}), 0, 1e15)).toBe(false);
  });
});
