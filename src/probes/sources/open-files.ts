import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

/** A descriptor of a process and what it points to: `socket:[123]`, `/tmp/a`, `/tmp/b (deleted)`. */
export interface Descriptor {
  pid: number;
  number: string;
  link: string;
}

/** Leaves out those closed meanwhile; throws for a process that cannot be read. */
export function descriptorsOf(pid: number): Descriptor[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap(number => {
    try {
      return { pid, number, link: readlinkSync(`/proc/${pid}/fd/${number}`) };
    } catch {
      return [];
    }
  });
}

const deleted = / \(deleted\)$/;
/** Memory under the name of a file, and files that are on no disk. */
const noDisk = /^\/(memfd:|dev\/|proc\/|sys\/|SYSV|\[|anon_)/;

/** The file's path in the process's own file system; undefined if it is not a file on disk. */
export function pathOf({ link }: Descriptor): string | undefined {
  return link.startsWith('/') && !noDisk.test(link) ? link.replace(deleted, '') : undefined;
}

/**
 * Whether it was opened to be written to (proc_pid_fdinfo(5), `flags` in octal: O_WRONLY and O_RDWR are 1 and
 * 2).
 */
export function isForWriting({ pid, number }: Descriptor): boolean {
  try {
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/${pid}/fdinfo/${number}`, 'utf8'))?.[1];
    return (Number.parseInt(flags ?? '0', 8) & 3) !== 0;
  } catch {
    return false;
  }
}

/** The owner of an open file; undefined if it is not a regular file, or closed. */
export function fileOwnerOf({ pid, number }: Descriptor): number | undefined {
  const stat = statOf(`/proc/${pid}/fd/${number}`);
  return stat?.isFile() ? stat.uid : undefined;
}

/** Bytes of files that have no name any more but stay on disk because they are open; each counts once. */
export function deletedBytes(open: readonly Descriptor[]): number {
  const sizes = new Map<string, number>();
  for (const each of open) {
    if (!deleted.test(each.link) || pathOf(each) === undefined) continue;
    const stat = statOf(`/proc/${each.pid}/fd/${each.number}`);
    if (stat?.isFile()) sizes.set(`${stat.dev} ${stat.ino}`, stat.size);
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

function statOf(path: string) {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
