import { AssertionError } from 'node:assert';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startDemo } from '../../src/target/demo/demo.js';
import { expectFlat, LeakError } from '../../src/testing/index.js';
import { countingServer } from '../support/counting.js';
import { freePort } from '../support/servers.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const small = {
  n: 10,
  c: 2,
  warmUpRounds: 1,
  settle: 0.01,
  fixture: { kind: 'text', size: 1000, seed: 1 },
} as const;

describe('expectFlat', () => {
  test('resolves to the record of a server that leaves nothing behind, and prints nothing', async () => {
    const { url, probe } = await countingServer();
    const written = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
    const record = await expectFlat({ url, probes: [probe], ...small });
    expect(record).toMatchObject({ verdict: 'flat', load: { uploadsPerRound: 10, concurrency: 2 } });
    for (const spy of written) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  });

  test('rejects with the verdict and the table, without colour, where something is left', async () => {
    const { url, probe } = await countingServer(1);
    const error: LeakError = await expectFlat({ url, probes: [probe], ...small }).then(
      () => expect.unreachable(),
      reason => reason,
    );
    expect(error).toBeInstanceOf(LeakError);
    expect(error).toBeInstanceOf(AssertionError);
    expect(error).toMatchObject({
      name: 'LeakError',
      code: 'ERR_ASSERTION',
      actual: 'leak',
      expected: 'flat',
    });
    expect(error.message).toMatch(/^Leak: each upload leaves 1 open file behind\.\n\nresource +per upload/);
    expect(error.message).toMatch(/^open files +\+1\.00 +\S+ to \S+ +leak/m);
    expect(error.message).not.toContain('\u001b');
    expect(error.hunt.exitCode).toBe(1);
    expect(Object.keys(error)).not.toContain('hunt');
  });

  test('takes a hunt without a verdict for flat only where that is allowed', async () => {
    const { url, probe } = await countingServer();
    const options = { url, probes: [probe], ...small, rounds: 3, margins: { 'open-files': 0.0001 } };
    await expect(expectFlat(options)).rejects.toThrow(/^Inconclusive: open files/);
    expect(await expectFlat({ ...options, allowInconclusive: true })).toMatchObject({ exitCode: 3 });
  });

  test('rejects as a hunt does where nothing can be measured', async () => {
    const url = `http://127.0.0.1:${await freePort()}/`;
    await expect(expectFlat({ url, allowInconclusive: true })).rejects.toMatchObject({
      name: 'LeakhuntError',
      exitCode: 4,
    });
    await expect(expectFlat({ url, n: 0 })).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe('leakhunt/test, as a package has it', () => {
  test('fails a test of node --test for a leak, and passes one without', async () => {
    const [leaky, fixed] = await Promise.all([startDemo('files'), startDemo('none')]);
    onTestFinished(() => Promise.all([leaky.stop(), fixed.stop()]).then(() => {}));
    const folder = await mkdtemp(join(tmpdir(), 'leakhunt-package-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    // Node resolves a package by the nearest node_modules: a link is how npm installs a folder.
    await mkdir(join(folder, 'node_modules'));
    await symlink(root, join(folder, 'node_modules/leakhunt'));
    await writeFile(
      join(folder, 'leak.test.js'),
      `import test from 'node:test';
      import { expectFlat } from 'leakhunt/test';
      const options = { n: 20, c: 2, settle: 0.05, fixture: { kind: 'text', size: 1000, seed: 1 } };
      const margins = { anon: 1e9, rss: 1e9, disk: 1e9 };
      test('leaky', () => expectFlat({ url: '${leaky.url}', probes: ['pid=${leaky.pid}'], rounds: 4, margins, ...options }));
      test('fixed', () => expectFlat({ url: '${fixed.url}', probes: ['pid=${fixed.pid}'], margins, ...options }));`,
    );
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--test', '--test-reporter=tap', join(folder, 'leak.test.js')],
      { env: { ...process.env, NODE_TEST_CONTEXT: undefined } },
    ).catch(error => error);
    expect(stdout).toMatch(/^not ok 1 - leaky$/m);
    expect(stdout).toContain('Leak: each upload leaves 1 open file behind.');
    expect(stdout).toMatch(/^ok 2 - fixed$/m);
  });
});
