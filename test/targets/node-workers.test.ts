import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startTarget } from '../support/target.js';
import { culprit, expectUploadsKept, forExactMemory, huntTarget } from './hunting.js';

const folder = fileURLToPath(new URL('../../fixtures/targets/node-workers', import.meta.url));

const huntWorkers = (leak: string) =>
  huntTarget(
    startTarget(process.execPath, ['--inspect=127.0.0.1:0', 'server.js'], {
      cwd: folder,
      env: { LEAK: leak },
    }),
    forExactMemory,
  );

test('a worker thread that keeps the uploads leaks them, though the main thread keeps nothing', async () => {
  const record = await huntWorkers('body');
  expectUploadsKept(record, 'array-buffers', 0.02);
  expect(culprit(record, 'array-buffers').retainedBy?.[0]).toBe('kept (Array) in server.js');
});
