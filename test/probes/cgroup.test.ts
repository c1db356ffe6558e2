import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { cgroup, cgroupFolder, mustHoldOnly } from '../../src/probes/sources/cgroup.js';

const target = { url: new URL('http://127.0.0.1:1'), ports: [] };

/** A folder with files as the kernel's Documentation/admin-guide/cgroup-v2.rst describes them. */
async function folderWith(files: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'leakhunt-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const stat = 'anon 1359872\nfile 8110080\nkernel_stack 81920\nshmem 4096\nanon_thp 2097152\n';

describe.skipIf(process.platform !== 'linux')('a cgroup v2 (Linux only)', () => {
  test('gives anonymous and shared memory, the peak and the limit', async () => {
    const folder = await folderWith({
      'memory.stat': stat,
      'memory.peak': '9437184\n',
      'memory.max': '536870912\n',
    });
    const probe = await cgroup(target, folder);
    expect(probe.endpoint).toBe(folder);
    expect(await probe.read()).toEqual({
      values: { anon: 1_359_872, shmem: 4096 },
      peak: 9_437_184,
      limit: 536_870_912,
    });
  });

  test('has no limit where the kernel says max, and no peak before Linux 5.19', async () => {
    const probe = await cgroup(target, await folderWith({ 'memory.stat': stat, 'memory.max': 'max\n' }));
    const { limit, peak } = await probe.read();
    expect([limit, peak]).toEqual([undefined, undefined]);
  });

  test('that is gone is an error, not a zero', async () => {
    const folder = await folderWith({ 'memory.stat': stat });
    const probe = await cgroup(target, folder);
    await rm(folder, { recursive: true });
    await expect(probe.read()).rejects.toMatchObject({ code: 'PROBE_FAILED', exitCode: 4 });
  });

  test('counts as the target alone with its children in it, and with nobody else', async () => {
    const child = spawn('sleep', ['1000']);
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'spawn');
    const own = { 'cgroup.procs': `${process.pid}\n`, 'workers/cgroup.procs': `${child.pid}\n` };
    await mustHoldOnly(await folderWith(own), process.pid);
    const shared = await folderWith({ ...own, 'others/cgroup.procs': `${process.ppid}\n` });
    await expect(mustHoldOnly(shared, process.pid)).rejects.toThrow(`also contains process ${process.ppid}`);
    const hidden = await folderWith({ 'cgroup.procs': `${process.pid}\n0\n` });
    await expect(mustHoldOnly(hidden, process.pid)).rejects.toThrow('that are not visible from here');
  });

  test('shared with the tests themselves is not there unless it is asked for', async () => {
    const child = spawn('sleep', ['1000']);
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'spawn');
    await expect(cgroup({ ...target, pid: child.pid })).rejects.toMatchObject({ name: 'NotThere' });
  });

  test.each([
    [undefined, 'no process of this user'],
    ['x', 'neither a process id nor a folder'],
    ['999999999', 'there is no process'],
    ['/proc', 'has no memory.stat: enable'],
  ])('--probe cgroup=%s is refused', async (argument, words) => {
    await expect(cgroup(target, argument)).rejects.toMatchObject({
      name: 'NotThere',
      message: expect.stringContaining(words),
    });
  });
});

describe.skipIf(process.platform !== 'linux')('a cgroup v1 (Linux only)', () => {
  const stat = 'cache 5\nrss 1\ntotal_cache 9\ntotal_rss 1359872\ntotal_shmem 4096\n';

  test('gives the anonymous memory of all below it, the peak and the limit', async () => {
    const folder = await folderWith({
      'memory.stat': stat,
      'memory.max_usage_in_bytes': '9437184\n',
      'memory.limit_in_bytes': '536870912\n',
    });
    expect(await (await cgroup(target, folder)).read()).toEqual({
      values: { anon: 1_359_872, shmem: 4096 },
      peak: 9_437_184,
      limit: 536_870_912,
    });
  });

  test('has no limit where it is the largest number, and no shared memory where the kernel tells none', async () => {
    const files = { 'memory.stat': 'total_rss 5\n', 'memory.limit_in_bytes': '9223372036854771712\n' };
    const { values, limit } = await (await cgroup(target, await folderWith(files))).read();
    expect([values, limit]).toEqual([{ anon: 5 }, undefined]);
  });

  test.each([
    ['memory.oom_control', 'oom_kill_disable 0\nunder_oom 0\noom_kill', 'memory.limit_in_bytes', stat],
    ['memory.events', 'oom 1\noom_kill', 'memory.max', 'anon 1\nshmem 0\n'],
  ])('tells a kill for want of memory by %s', async (file, text, limit, stat) => {
    const folder = await folderWith({ 'memory.stat': stat, [limit]: '67108864\n', [file]: `${text} 3\n` });
    const probe = await cgroup(target, folder);
    expect(await probe.exitReport!()).toBeUndefined();
    writeFileSync(join(folder, file), `${text} 4\n`);
    expect(await probe.exitReport!()).toBe(
      `a process of ${folder} was killed by the kernel: out of memory at 64.0 MiB.`,
    );
  });
});

const mount = (root: string, at: string) =>
  `29 23 0:26 ${root} ${at} rw,nosuid shared:4 - cgroup2 cgroup2 rw\n`;

const first = (controllers: string) =>
  `35 31 0:32 / /sys/fs/cgroup/${controllers} rw,relatime - cgroup cgroup rw,${controllers}\n`;

test.each([
  [
    'on a host',
    '0::/system.slice/a.service\n',
    mount('/', '/sys/fs/cgroup'),
    '/sys/fs/cgroup/system.slice/a.service',
  ],
  ['in a container', '0::/\n', mount('/', '/sys/fs/cgroup'), '/sys/fs/cgroup'],
  [
    'with a mount of a part',
    '0::/docker/abc/x\n',
    mount('/docker/abc', '/sys/fs/cgroup'),
    '/sys/fs/cgroup/x',
  ],
  [
    'beside version 1 that has other controllers',
    '4:cpu,cpuacct:/a\n0::/b\n',
    mount('/', '/sys/fs/cgroup/unified'),
    '/sys/fs/cgroup/unified/b',
  ],
  [
    'of version 1, beside version 2',
    '9:cpuset:/c\n4:memory:/docker/abc\n0::/b\n',
    mount('/', '/sys/fs/cgroup/unified') + first('cpuset') + first('memory'),
    '/sys/fs/cgroup/memory/docker/abc',
  ],
  [
    'of version 1 with controllers that are mounted together',
    '4:hugetlb,memory:/a\n',
    first('hugetlb,memory'),
    '/sys/fs/cgroup/hugetlb,memory/a',
  ],
  ['outside its namespace', '0::/../other\n', mount('/', '/sys/fs/cgroup'), undefined],
  ['outside the mount', '0::/docker/def\n', mount('/docker/abc', '/sys/fs/cgroup'), undefined],
  ['of version 1 that is not mounted here', '4:memory:/a\n', '', undefined],
])('the folder of a cgroup is found %s', (_, own, mounts, folder) => {
  expect(cgroupFolder(own, mounts)).toBe(folder);
});
