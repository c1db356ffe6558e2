import { beforeAll, describe, expect, test } from 'vitest';
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

const huntFastify = (leak: string, inspect: boolean, options = {}) =>
  huntTarget(startNodeTarget('node-fastify', { leak, inspect }), options);

describe('a fastify server with @fastify/multipart', () => {
  beforeAll(() => installNodeTarget('node-fastify'));

  test('does not leak when it keeps nothing, and its counts are flat', async () => {
    const record = await huntFastify('none', true, forExactMemory);
    expectFlatOrUndecided(record);
    expectFlat(record, 'array-buffers', 'active-handles', 'open-files');
  });

  test('does not leak when it keeps nothing and only the kernel tells of it', async () => {
    const record = await huntFastify('none', false);
    expectFlatOrUndecided(record);
    expect(record.resources.every(each => each.source === 'pid')).toBe(true);
  });

  test('leaks array buffers as large as the uploads when it keeps their bytes', async () => {
    expectUploadsKept(await huntFastify('buffer', true, forExactMemory), 'array-buffers', 0.1);
  });

  test('is not accused by its resident memory alone when it has no inspector: that may be garbage', async () => {
    const record = await huntFastify('buffer', false, { maxRounds: 30 });
    expect(record).toMatchObject({ verdict: 'inconclusive', exitCode: 3 });
    expect(resource(record, 'anon').reason).toBe('not-collected');
  });

  test.each([true, false])('leaks exactly one open file per upload (inspector: %s)', async inspect => {
    expectOnePerUpload(await huntFastify('file', inspect, forCounts), 'open-files');
  });
});
