import { beforeAll, describe, expect, test } from 'vitest';
import type { Hunt } from '../../src/index.js';
import { installNodeTarget, startNodeTarget } from '../support/node-targets.js';
import {
  expectNoLeak,
  expectOnePerUpload,
  forCounts,
  forExactMemory,
  huntTarget,
  resource,
} from './hunting.js';

const huntCluster = (leak: string, inspect: boolean, options = {}) =>
  huntTarget(startNodeTarget('node-cluster', { leak, inspect }), options);

describe('a cluster of two Node workers', () => {
  beforeAll(() => installNodeTarget('node-cluster'));

  test('does not leak when its workers keep nothing', async () => {
    expectNoLeak(await huntCluster('none', false));
  });

  test('leaks one open file per upload, over all its workers', async () => {
    expectOnePerUpload(await huntCluster('file', false, forCounts), 'open-files');
  });

  test('is not known to leak by its memory alone, which may be garbage', async () => {
    expectNotCollected(await huntCluster('buffer', false, forExactMemory));
  });

  test("is not known to leak by it either when the parent's inspector is open and shows a flat heap", async () => {
    expectNotCollected(await huntCluster('buffer', true, forExactMemory));
  });
});

function expectNotCollected(record: Hunt): void {
  expect(resource(record, 'anon').verdict).toBe('inconclusive');
  expect([record.verdict, record.exitCode]).toEqual(['inconclusive', 3]);
  expect(record.warnings.join()).toContain('garbage');
}
