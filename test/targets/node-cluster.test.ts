import { beforeAll, describe, expect, test } from 'vitest';
import type { Hunt, HuntOptions } from '../../src/index.js';
import { installNodeTarget, startNodeTarget } from '../support/node-targets.js';
import {
  expectFlat,
  expectFlatOrUndecided,
  expectOnePerUpload,
  expectUploadsKept,
  forCounts,
  forExactMemory,
  huntTarget,
  resource,
} from './hunting.js';

interface Inspected {
  /** The primary's inspector, and that of each worker beside it. */
  inspect?: 'all' | 'primary';
}

const huntCluster = (leak: string, options: Partial<HuntOptions> = {}, { inspect }: Inspected = {}) =>
  huntTarget(
    startNodeTarget('node-cluster', {
      leak,
      inspect: inspect !== undefined,
      env: inspect === 'primary' ? { WORKERS_INSPECT: 'no' } : {},
    }),
    options,
  );

describe('a cluster of two Node workers', () => {
  beforeAll(() => installNodeTarget('node-cluster'));

  test('does not leak when its workers keep nothing', async () => {
    expectFlatOrUndecided(await huntCluster('none'));
  });

  test('leaks one open file per upload, over all its workers', async () => {
    expectOnePerUpload(await huntCluster('file', forCounts), 'open-files');
  });

  test('is not known to leak by its memory alone, which may be garbage', async () => {
    expectNotCollected(await huntCluster('buffer', forExactMemory));
  });

  test('whose inspectors are all open leaks the uploads that its workers keep, though the primary is flat', async () => {
    const record = await huntCluster('buffer', forExactMemory, { inspect: 'all' });
    expect(inspectors(record)).toBe(3);
    expectUploadsKept(record, 'array-buffers', 0.02);
    expect(resource(record, 'array-buffers').replicas?.length).toBe(3);
  });

  test('whose inspectors are all open is flat where nothing is kept', async () => {
    // Three heaps added up are three times as noisy: what one needs for an answer may not be enough.
    const record = await huntCluster('none', { maxRounds: 72 }, { inspect: 'all' });
    expect(inspectors(record)).toBe(3);
    expectFlat(record, 'heap', 'array-buffers');
  });

  test('of which the inspector of the primary alone is open is not called flat for that, nor a leak', async () => {
    const record = await huntCluster('buffer', forExactMemory, { inspect: 'primary' });
    expect(inspectors(record)).toBe(1);
    expect(resource(record, 'array-buffers')).toMatchObject({
      verdict: 'inconclusive',
      reason: 'partly-read',
    });
    expectNotCollected(record);
  });
});

function inspectors({ target }: Hunt): number {
  return target.probes.filter(({ source }) => source === 'inspector').length;
}

function expectNotCollected(record: Hunt): void {
  expect(resource(record, 'anon').verdict).toBe('inconclusive');
  expect([record.verdict, record.exitCode]).toEqual(['inconclusive', 3]);
  expect(record.warnings.join()).toContain('garbage');
}
