import { linkSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { dir } from '../../src/probes/sources/dir.js';

const target = { url: new URL('http://127.0.0.1:1'), ports: [] };

async function folder() {
  const path = await mkdtemp(join(tmpdir(), 'leakhunt-test-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('all files of a folder and of those below it are counted, old ones too', async () => {
  const path = await folder();
  mkdirSync(join(path, 'a/b'), { recursive: true });
  writeFileSync(join(path, 'old'), 'x'.repeat(100));
  utimesSync(join(path, 'old'), 0, 0);
  writeFileSync(join(path, 'a/b/deep'), 'x'.repeat(20));
  const probe = await dir(target, path);
  expect(await probe.read()).toEqual({ values: { 'temp-files': 2, disk: 120 } });
  writeFileSync(join(path, 'a/new'), 'x'.repeat(3));
  expect(await probe.read()).toEqual({ values: { 'temp-files': 3, disk: 123 } });
});

test('symbolic links are neither counted nor followed', async () => {
  const path = await folder();
  const elsewhere = await folder();
  writeFileSync(join(elsewhere, 'file'), 'x');
  symlinkSync(elsewhere, join(path, 'folder'));
  symlinkSync(join(elsewhere, 'file'), join(path, 'file'));
  symlinkSync(path, join(path, 'circle'));
  expect((await (await dir(target, path)).read()).values).toEqual({ 'temp-files': 0, disk: 0 });
});

test('a folder that is gone is an error, not a zero', async () => {
  const path = await folder();
  const probe = await dir(target, path);
  await rm(path, { recursive: true });
  await expect(probe.read()).rejects.toMatchObject({
    code: 'PROBE_FAILED',
    message: `The dir probe failed: there is no folder ${path}.`,
  });
});

test('a folder of too many files is refused rather than half counted', async () => {
  const path = await folder();
  writeFileSync(join(path, 'file'), '');
  for (let i = 0; i < 50_000; i += 1) linkSync(join(path, 'file'), join(path, String(i)));
  await expect(dir(target, path)).rejects.toThrow('holds more than 50000 entries');
});

test.each([
  [undefined, 'it needs a folder: --probe dir='],
  ['/nowhere/at/all', 'there is no folder /nowhere/at/all'],
  [process.execPath, 'is not a folder'],
])('--probe dir=%s is not there', async (argument, words) => {
  await expect(dir(target, argument)).rejects.toMatchObject({
    name: 'NotThere',
    message: expect.stringContaining(words),
  });
});
