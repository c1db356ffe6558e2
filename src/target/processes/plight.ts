import { readFile } from 'node:fs/promises';
import { descriptors, processes } from './procfs.js';

/** From this share on, the number of open files is reported beside the limit. */
const nearlyAll = 0.9;

/**
 * Why an existing process may accept no uploads, or not so many at once, as /proc shows it; undefined if
 * nothing does. A sentence that ends with what to do.
 */
export async function plightOf(pid: number, concurrency: number): Promise<string | undefined> {
  const { state } = (await processes()).find(each => each.pid === pid) ?? {};
  // proc_pid_stat(5): stopped by a signal, or by a debugger.
  if (state === 'T' || state === 't') {
    return `process ${pid} is stopped (SIGSTOP, or a debugger): resume it with kill -CONT ${pid}.`;
  }
  const [open, limits] = await Promise.all([
    descriptors(pid).catch(() => []),
    readFile(`/proc/${pid}/limits`, 'utf8').catch(() => ''),
  ]);
  const limit = Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  if (open.length + concurrency < nearlyAll * limit) return undefined;
  return (
    `process ${pid} has ${open.length} files open of the ${limit} it may have, and each concurrent upload needs one more: ` +
    'raise that limit (ulimit -n), or lower -c.'
  );
}
