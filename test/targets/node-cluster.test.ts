import { beforeAll, describe, test } from 'vitest';
import { installNodeTarget, startNodeTarget } from '../support/node-targets.js';
import { expectNoLeak, expectOnePerUpload, expectUploadsKept, forCounts, huntTarget } from './hunting.js';

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

  test('leaks resident memory, over all its workers, when they keep the uploads', async () => {
    expectUploadsKept(await huntCluster('buffer', false), 'rss', 0.3);
  });

  test("leaks it just so when the parent's inspector is open and shows a flat heap", async () => {
    expectUploadsKept(await huntCluster('buffer', true), 'rss', 0.3);
  });
});
