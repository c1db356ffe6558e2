import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { processIdIn } from '../../amounts.js';
import type { Target } from '../../target/locate/locate.js';
import { treeOf } from '../../target/processes/procfs.js';
import { before } from '../../text.js';
import { formatBytes } from '../../units.js';
import { noProcess, openProbe, type Probe, type Sample, type Source, SourceUnavailable } from '../probe.js';

export const cgroupSource: Source = {
  open: cgroup,
  auto: true,
  ofProcess: true,
};

/**
 * The memory that the kernel charges to the cgroup of a process, given as its pid or as a folder. It is the
 * target's only if the cgroup holds nothing else: unless the user names it, that is checked.
 */
export async function cgroup(target: Target, argument?: string): Promise<Probe> {
  if (process.platform !== 'linux')
    throw new SourceUnavailable(`cgroups only exist on Linux, and this is ${process.platform}`);
  const folder = argument?.startsWith('/') ? argument : await folderOfProcess(target, argument);
  const probe = await openProbe(
    'cgroup',
    folder,
    () => sampleOf(folder),
    async () => {
      await sampleOf(folder);
      if (argument === undefined) await mustHoldOnly(folder, target.pid!);
    },
  );
  const before = await killsIn(folder);
  const exitReport = async () => {
    if ((await killsIn(folder)) <= before) return undefined;
    const { limit } = await sampleOf(folder);
    const at = limit === undefined ? '' : ` at ${formatBytes(limit)}`;
    return `a process of ${folder} was killed by the kernel: out of memory${at}.`;
  };
  return { ...probe, exitReport };
}

/** How often the kernel has ended a process there for lack of memory; 0 if it does not say. */
async function killsIn(folder: string): Promise<number> {
  const files = ['memory.events', 'memory.oom_control'].map(name =>
    readFile(join(folder, name), 'utf8').catch(() => ''),
  );
  return Number(/^oom_kill (\d+)$/m.exec((await Promise.all(files)).join('\n'))?.[1] ?? 0);
}

async function folderOfProcess(target: Target, argument?: string): Promise<string> {
  const pid = argument === undefined ? target.pid : (processIdIn(argument) ?? 0);
  if (pid === undefined) throw noProcess(target);
  if (pid === 0) {
    throw new SourceUnavailable(`"${argument}" is neither a process id nor a folder below /sys/fs/cgroup`);
  }
  const own = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => {
    throw new SourceUnavailable(`there is no process ${pid}`);
  });
  const folder = cgroupFolder(own, await readFile('/proc/self/mountinfo', 'utf8'));
  if (folder === undefined)
    throw new SourceUnavailable(`the cgroup of process ${pid} is not visible from here`);
  return folder;
}

/**
 * The place of the memory numbers of a process's cgroup, from its `/proc/PID/cgroup` (v1: `4:memory:/a/b`,
 * v2: `0::/a/b`) and `/proc/self/mountinfo` (`... ROOT MOUNTPOINT ... - cgroup2 ...`); undefined if it lies
 * outside of what is mounted. If both versions are there, memory belongs to v1 if that has the controller.
 * Source: cgroups(7).
 */
export function cgroupFolder(own: string, mounts: string): string | undefined {
  const lines = own.split('\n').map(line => line.split(':'));
  const pathOf = (line: string[] | undefined) => line?.slice(2).join(':');
  const first = pathOf(lines.find(([, controllers]) => controllers?.split(',').includes('memory')));
  const path = first ?? pathOf(lines.find(([id, controllers]) => id === '0' && controllers === ''));
  const { root, mountpoint } =
    mountsIn(mounts).find(({ type, options }) =>
      first === undefined ? type === 'cgroup2' : type === 'cgroup' && options.includes('memory'),
    ) ?? {};
  if (path === undefined || root === undefined || mountpoint === undefined) return undefined;
  const below = posix.relative(root, path);
  return below.startsWith('..') || path.startsWith('/..') ? undefined : posix.join(mountpoint, below);
}

/** `24 18 0:21 ROOT MOUNTPOINT OPTIONS ... - TYPE SOURCE SUPER_OPTIONS` (proc_pid_mountinfo(5)). */
function mountsIn(text: string) {
  return text.split('\n').map(line => {
    const words = line.split(' ');
    const [type, , options = ''] = words.slice(words.indexOf('-', 6) + 1);
    return { root: words[3], mountpoint: words[4], type, options: options.split(',') };
  });
}

/** Rejects if a cgroup holds a process that does not descend from `pid`. */
export async function mustHoldOnly(folder: string, pid: number): Promise<void> {
  const own = await treeOf(pid);
  const others = (await membersOf(folder)).filter(member => !own.includes(member));
  if (others.length === 0) return;
  const named = others[0] === 0 ? 'processes that are not visible from here' : `process ${others[0]}`;
  throw new SourceUnavailable(
    `${folder} also contains ${named}, and the memory of a cgroup is that of all its processes (read it anyway with --probe cgroup=${pid})`,
  );
}

/** The processes in a cgroup and in those below it; 0 stands for one of another pid namespace. */
async function membersOf(folder: string): Promise<number[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const lists = names.filter(name => posix.basename(name) === 'cgroup.procs');
  const texts = await Promise.all(lists.map(name => readFile(join(folder, name), 'utf8').catch(() => '')));
  return texts.flatMap(text => text.split('\n').filter(Boolean).map(Number));
}

/** The names of both versions' files. */
const names = {
  v2: { anon: 'anon', shmem: 'shmem', peak: 'memory.peak', limit: 'memory.max' },
  v1: {
    anon: 'total_rss',
    shmem: 'total_shmem',
    peak: 'memory.max_usage_in_bytes',
    limit: 'memory.limit_in_bytes',
  },
};

/** No limit: the largest whole number of pages that fits into 63 bits. */
const unlimited = 2 ** 62;

/**
 * Source of the files: the kernel's Documentation/admin-guide/cgroup-v2.rst, and cgroup-v1/memory.rst:
 * `total_rss` is the anonymous memory of a cgroup and of those below it; not every kernel reports its
 * `total_shmem`.
 */
async function sampleOf(folder: string): Promise<Sample> {
  const read = (name: string) => readFile(join(folder, name), 'utf8').catch(() => '');
  const stat = await read('memory.stat');
  const rows = new Map(stat.split('\n').map(line => [before(line, ' '), line] as const));
  const row = (name: string) => /^\w+ (\d+)$/.exec(rows.get(name) ?? '')?.[1];
  const version = row('total_rss') === undefined ? 'v2' : 'v1';
  const { anon, shmem, peak, limit } = names[version];
  if (row(anon) === undefined || (version === 'v2' && row(shmem) === undefined)) {
    throw new Error(`${folder} has no memory.stat: enable the memory controller of this cgroup`);
  }
  const [most, max] = await Promise.all([read(peak), read(limit)]);
  const bytes = (text: string) => (/^\d+\s*$/.test(text) ? Number(text) : undefined);
  const bound = bytes(max);
  return {
    values: { anon: Number(row(anon)), ...(row(shmem) !== undefined && { shmem: Number(row(shmem)) }) },
    // Kernels before 5.19 have no memory.peak; memory.max says "max" where there is no limit.
    peak: bytes(most),
    limit: bound !== undefined && bound < unlimited ? bound : undefined,
  };
}
