import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Target } from '../target/locate.js';
import { treeOf } from '../target/procfs.js';
import { NotThere, noProcess, openProbe, type Probe, type Sample } from './probe.js';

/**
 * The memory that the kernel charges to the cgroup (v2) of a process, given as its pid or as a folder. It tells of
 * the target only where the cgroup holds nothing but the target: unless it is named outright, that is checked.
 */
export async function cgroup(target: Target, argument?: string): Promise<Probe> {
  if (process.platform !== 'linux') throw new NotThere(`cgroups are Linux's, this is ${process.platform}`);
  const folder = argument?.startsWith('/') ? argument : await folderOfProcess(target, argument);
  return openProbe(
    'cgroup',
    folder,
    () => sampleOf(folder),
    async () => {
      await sampleOf(folder);
      if (argument === undefined) await mustHoldOnly(folder, target.pid!);
    },
  );
}

async function folderOfProcess(target: Target, argument?: string): Promise<string> {
  const pid = argument === undefined ? target.pid : Number(argument);
  if (pid === undefined) throw noProcess(target);
  if (!Number.isSafeInteger(pid) || pid < 1) {
    throw new NotThere(`"${argument}" is neither a process id nor a folder below /sys/fs/cgroup`);
  }
  const own = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => {
    throw new NotThere(`there is no process ${pid}`);
  });
  const folder = cgroupFolder(own, await readFile('/proc/self/mountinfo', 'utf8'));
  if (folder === undefined) throw new NotThere(`the cgroup of process ${pid} cannot be seen from here`);
  return folder;
}

/**
 * Where the cgroup v2 of a process lies, from its `/proc/PID/cgroup` (`0::/a/b`) and `/proc/self/mountinfo`
 * (`... ROOT MOUNTPOINT ... - cgroup2 ...`); undefined where it lies outside what is mounted. Source: cgroups(7).
 */
export function cgroupFolder(own: string, mounts: string): string | undefined {
  const path = /^0::(\/.*)$/m.exec(own)?.[1];
  const [, root, mountpoint] = /^\d+ \d+ \S+ (\S+) (\S+) .* - cgroup2 /m.exec(mounts) ?? [];
  if (path === undefined || root === undefined || mountpoint === undefined) return undefined;
  const below = posix.relative(root, path);
  return below.startsWith('..') || path.startsWith('/..') ? undefined : posix.join(mountpoint, below);
}

/** Rejects where a cgroup holds a process that does not descend from `pid`. */
export async function mustHoldOnly(folder: string, pid: number): Promise<void> {
  const own = await treeOf(pid);
  const others = (await membersOf(folder)).filter(member => !own.includes(member));
  if (others.length === 0) return;
  const named = others[0] === 0 ? 'processes that cannot be seen from here' : `process ${others[0]}`;
  throw new NotThere(
    `${folder} also holds ${named}, and the memory of a cgroup is that of all its processes (--probe cgroup=${pid} reads it nonetheless)`,
  );
}

/** The processes in a cgroup and in those below it; 0 stands for one of another pid namespace. */
async function membersOf(folder: string): Promise<number[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const lists = names.filter(name => posix.basename(name) === 'cgroup.procs');
  const texts = await Promise.all(lists.map(name => readFile(join(folder, name), 'utf8').catch(() => '')));
  return texts.flatMap(text => text.split('\n').filter(Boolean).map(Number));
}

/** Source of the files: the kernel's Documentation/admin-guide/cgroup-v2.rst. */
async function sampleOf(folder: string): Promise<Sample> {
  const [stat, peak, max] = await Promise.all(
    ['memory.stat', 'memory.peak', 'memory.max'].map(name =>
      readFile(join(folder, name), 'utf8').catch(() => ''),
    ),
  );
  const bytes = (text: string | undefined) => (/^\d+\s*$/.test(text ?? '') ? Number(text) : undefined);
  const anon = /^anon (\d+)$/m.exec(stat!)?.[1];
  const shmem = /^shmem (\d+)$/m.exec(stat!)?.[1];
  if (anon === undefined || shmem === undefined) {
    throw new Error(`${folder} has no memory.stat of a cgroup v2: is its memory controller on?`);
  }
  return {
    values: { anon: Number(anon), shmem: Number(shmem) },
    // Kernels before 5.19 have no memory.peak; memory.max says "max" where there is no limit.
    peak: bytes(peak),
    limit: bytes(max),
  };
}
