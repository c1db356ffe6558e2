import { beforeAll, describe, expect, test } from 'vitest';
import { installNodeTarget, startNodeTarget } from '../support/node-targets.js';
import {
  culprit,
  expectFlat,
  expectFlatOrUndecided,
  expectOnePerUpload,
  expectUploadsKept,
  forCounts,
  forExactMemory,
  huntTarget,
  resource,
} from './hunting.js';

const huntExpress = (leak: string, inspect: boolean, options = {}) =>
  huntTarget(startNodeTarget('node-express', { leak, inspect }), options);

describe('an express server with multer', () => {
  beforeAll(() => installNodeTarget('node-express'));

  describe('with its inspector open', () => {
    test('does not leak when it keeps nothing, and its array buffers and handles are flat', async () => {
      const record = await huntExpress('none', true, forExactMemory);
      expectFlatOrUndecided(record);
      expectFlat(record, 'array-buffers', 'active-handles');
      expect(record.culprits).toEqual([]);
    });

    test('leaks array buffers as large as the uploads when it keeps their buffers', async () => {
      const record = await huntExpress('buffer', true, forExactMemory);
      expectUploadsKept(record, 'array-buffers', 0.1);
      expect(culprit(record, 'array-buffers')).toMatchObject({
        site: { function: 'Buffer' },
        retainedBy: ['uploads (Map) in leaks.js', 'entry (Buffer)'],
      });
    });

    test('leaks both heap and array buffers when a listener holds the requests', async () => {
      const record = await huntExpress('listener', true, forExactMemory);
      expectUploadsKept(record, 'array-buffers', 0.1);
      expect(resource(record, 'heap').verdict).toBe('leak');
      expect(resource(record, 'heap').perUpload.estimate).toBeGreaterThan(1_000);
      expect(culprit(record, 'array-buffers').retainedBy![0]).toBe('settings (EventEmitter) in leaks.js');
      const sampled = record.culprits.filter(
        ({ kind, resource }) => kind === 'call-site' && resource === 'heap',
      );
      expect(sampled.length).toBeGreaterThan(0);
    });

    test('leaks exactly one active handle per upload when it leaves a timer running', async () => {
      expectOnePerUpload(await huntExpress('timer', true, forCounts), 'active-handles');
    });
  });

  describe('without an inspector', () => {
    test('does not leak when it keeps nothing', async () => {
      expectFlatOrUndecided(await huntExpress('none', false));
    });

    test.each(['buffer', 'listener'])('leaks the uploads when it keeps them (%s)', async leak => {
      const record = await huntExpress(leak, false);
      expectUploadsKept(record, 'external', 0.3);
    });

    test('leaks one active handle per upload when it leaves a timer running, as its metrics tell', async () => {
      const record = await huntExpress('timer', false, forCounts);
      expect(resource(record, 'active-handles').source).toBe('prometheus');
      expectOnePerUpload(record, 'active-handles');
    });
  });
});
