import { beforeAll, expect, test } from 'vitest';
import { buildCTarget, startCTarget } from '../support/c.js';
import { describeWith } from '../support/toolchain.js';
import { expectFlat, expectFlatOrUndecided, expectLeak, huntTarget, resource } from './hunting.js';

describeWith('c', 'a server in C, of which nothing but its memory can be read', () => {
  beforeAll(() => buildCTarget());

  test('is flat when it loses nothing', async () => {
    const record = await huntTarget(startCTarget(0));
    expectFlatOrUndecided(record);
    expectFlat(record, 'anon');
    expect(record.exitCode).toBe(0);
  });

  test('leaks what it loses of each upload, also where that is less than a page', async () => {
    const record = await huntTarget(startCTarget(1000));
    expectLeak(record, 'anon');
    expect(resource(record, 'anon').perUpload.estimate).toBeCloseTo(1008, -2);
  });

  test('is not flat when it loses less than is called a leak', async () => {
    const record = await huntTarget(startCTarget(200), { maxRounds: 24 });
    expect(resource(record, 'anon')).toMatchObject({ verdict: 'inconclusive', reason: 'near-margin' });
    expect(record.exitCode).toBe(3);
  });

  test('is flat nonetheless where as much is tolerated', async () => {
    const margins = { anon: 1024, rss: 1024, shmem: 1024 };
    const record = await huntTarget(startCTarget(200), { margins });
    expect([record.verdict, record.exitCode]).toEqual(['flat', 0]);
  });
});
