import { beforeAll, describe, expect, test } from 'vitest';
import { installPythonTarget, pythonServers, startPythonTarget } from '../support/python.js';
import { describeWith } from '../support/toolchain.js';
import {
  expectFlat,
  expectFlatOrUndecided,
  expectLeak,
  expectOnePerUpload,
  expectUploadsKept,
  forCounts,
  huntTarget,
  resource,
} from './hunting.js';

const servers = Object.keys(pythonServers) as (keyof typeof pythonServers)[];

describeWith('python', 'a Starlette application', () => {
  beforeAll(() => installPythonTarget());

  describe.each(servers)('under %s', server => {
    const huntStarlette = (leak: string, options = {}) =>
      huntTarget(startPythonTarget(server, leak), options);

    test('does not leak when it keeps nothing, and its counts are flat', async () => {
      const record = await huntStarlette('none');
      expectFlatOrUndecided(record);
      expectFlat(record, 'open-files', 'temp-files');
    });

    test('leaks exactly one open file per upload when it keeps one open', async () => {
      expectOnePerUpload(await huntStarlette('file', forCounts), 'open-files');
    });

    test('leaks exactly one temp file per upload when it removes none', async () => {
      expectOnePerUpload(await huntStarlette('tempfile', forCounts), 'temp-files');
    });

    test('leaks the memory of a task, less than a page, when it leaves one waiting', async () => {
      const record = await huntStarlette('task');
      expectLeak(record, 'anon');
      expect(resource(record, 'anon').perUpload.estimate).toBeGreaterThan(1000);
      expect(resource(record, 'anon').perUpload.estimate).toBeLessThan(4096);
    });

    test('leaks resident memory when it keeps the uploads', async () => {
      expectUploadsKept(await huntStarlette('body'), 'rss', 0.3);
    });
  });
});
