import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pidsHolding } from './procfs.js';

/** SO_ACCEPTCON of the kernel's net.h, as the column `Flags` has it: the socket listens. */
const listens = 0x10000;

/** The processes that listen on a Unix socket (by /proc/net/unix: Linux only). */
export async function pidsListeningAt(path: string): Promise<number[]> {
  const table = await readFile('/proc/net/unix', 'utf8').catch(() => '');
  return pidsHolding(new Set(listenersIn(table, path)));
}

/** The inodes of sockets that listen at a path. Source: proc_pid_net(5), "/proc/net/unix". */
export function listenersIn(table: string, path: string): string[] {
  return table.split('\n').flatMap(row => {
    const [, flags, inode, bound] = /^\S+: \S+ \S+ ([\dA-F]+) \S+ \S+ +(\d+) (.+)$/i.exec(row) ?? [];
    if (bound === undefined || (Number.parseInt(flags!, 16) & listens) === 0) return [];
    // A socket bound to a relative path is listed by it, and an abstract one after an at sign.
    return !bound.startsWith('@') && resolve(bound) === resolve(path) ? [inode!] : [];
  });
}
