import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { FolderCount } from '../../src/probes/files.js';
import { allEvents, FolderWatch } from '../../src/probes/sources/folder-watch.js';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'leakhunt-test-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

async function watched(path: string) {
  const watch = new FolderWatch({ path, name: path });
  onTestFinished(() => watch.close());
  const refresh = async () => {
    await allEvents();
    return (await watch.refresh()).map(([name]) => name).sort();
  };
  return { watch, refresh, names: () => [...watch.entries.keys()].sort() };
}

describe.skipIf(process.platform !== 'linux')('a folder that is watched', () => {
  test('tells what came since, and forgets what went again', async () => {
    const path = await folder();
    await writeFile(join(path, 'old'), '');
    // The clock of the file system is some milliseconds behind.
    const { refresh, names, watch } = await watched(path);
    await writeFile(join(path, 'a'), 'x');
    await writeFile(join(path, 'b'), 'x');
    await rm(join(path, 'b'));
    await mkdir(join(path, 'c'));
    expect((await refresh()).filter(name => name !== 'old')).toEqual(['a', 'c']);
    await rm(join(path, 'a'));
    await writeFile(join(path, 'c', 'inside'), 'xyz');
    expect(await refresh()).toEqual([]);
    expect(names().filter(name => name !== 'old')).toEqual(['c']);
    expect(watch.entries.get('c')!.below!.count().list).toEqual([
      { path: join(path, 'c', 'inside'), size: 3 },
    ]);
  });

  test('tells the size that a file has grown to', async () => {
    const path = await folder();
    const { refresh, watch } = await watched(path);
    await writeFile(join(path, 'a'), 'x');
    await refresh();
    await writeFile(join(path, 'a'), 'xyz');
    await refresh();
    expect(watch.entries.get('a')!.size).toBe(3);
  });

  test('is looked through where events may have been lost', async () => {
    const path = await folder();
    const { refresh, watch } = await watched(path);
    await writeFile(join(path, 'a'), 'x');
    await refresh();
    watch.entries.clear();
    watch.missEvents();
    expect(await refresh()).toEqual(['a']);
  });

  test('may come into being later', async () => {
    const path = join(await folder(), 'later');
    const { refresh } = await watched(path);
    expect(await refresh()).toEqual([]);
    await mkdir(path);
    await writeFile(join(path, 'a'), 'x');
    expect(await refresh()).toEqual(['a']);
    expect(await refresh()).toEqual([]);
  });
});

test('files in folders below are counted again only when a folder has changed', async () => {
  const path = await folder();
  await mkdir(join(path, 'a/b'), { recursive: true });
  await writeFile(join(path, 'a/b/one'), '12');
  const count = new FolderCount(path);
  expect(count.count().list).toHaveLength(1);
  await writeFile(join(path, 'a/b/two'), '345');
  expect([count.count().list.length, count.bytes]).toEqual([2, 5]);
});
