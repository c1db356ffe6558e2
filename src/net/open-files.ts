import { readFileSync } from 'node:fs';
import { usageError } from '../errors.js';

/** The files that leakhunt opens besides its connections: its own code, files of /proc, reports. */
const own = 64;

/** This many concurrent connections leave enough files for the rest. */
export function mostConnections(limit = limitOfOpenFiles()): number {
  return limit === undefined ? Number.POSITIVE_INFINITY : Math.max(1, limit - own);
}

/** Throws a usage error for more concurrent connections than this process may open files. */
export function checkOpenFiles(concurrency: number, limit = limitOfOpenFiles()): void {
  if (limit === undefined || concurrency + own <= limit) return;
  const enough = 2 ** Math.ceil(Math.log2(concurrency + own));
  const lower = limit > own ? `lower -c to ${limit - own}, or ` : '';
  throw usageError(
    'TOO_FEW_FILES',
    `-c ${concurrency} needs that many open connections plus a few files, but this process may open only ${limit}: ` +
      `${lower}raise the limit, e.g. with ulimit -n ${enough}.`,
  );
}

/**
 * Read from proc(5), "/proc/pid/limits": Linux only. Node raises the soft limit to the hard one by itself.
 */
function limitOfOpenFiles(): number | undefined {
  try {
    const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}
