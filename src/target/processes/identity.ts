import { readdirSync, readFileSync } from 'node:fs';
import { startTime, ticksPerSecond } from './procfs.js';

/** A process by the names it may use for itself, as the kernel knows it. */
export interface Identity {
  pid: number;
  /** Its id in each pid namespace it is in, the innermost last: the one it knows itself by. */
  pids: number[];
  /** The words it was started with, separated by NULs. */
  command: string;
  /** When it began, in seconds since the epoch: the process and, if that was replaced later, the program. */
  starts: number[];
}

/** Reads the identity of processes of this machine; those that ended meanwhile have none. Linux only. */
export async function identitiesOf(pids: readonly number[]): Promise<Identity[]> {
  const boot = bootTime();
  if (boot === undefined) return [];
  const found = await Promise.all(pids.map(pid => identityOf(pid, boot).catch(() => undefined)));
  return found.filter(each => each !== undefined);
}

async function identityOf(pid: number, boot: number): Promise<Identity> {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const pids = /^NSpid:([\d \t]+)$/m.exec(status)?.[1]?.trim().split(/\s+/).map(Number);
  const ticks = [await startTime(pid), ...(await startOfThreads(pid))];
  return {
    pid,
    pids: pids ?? [pid],
    command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0$/, ''),
    starts: ticks.map(each => boot + each / ticksPerSecond),
  };
}

/**
 * When the first of the threads beside the main one began. A shell script that waits and then calls `exec`
 * leaves its own start time to the program, but no thread (execve(2)).
 */
async function startOfThreads(pid: number): Promise<number[]> {
  const others = readdirSync(`/proc/${pid}/task`).filter(thread => thread !== String(pid));
  const starts = await Promise.all(
    others.map(thread => startTime(`${pid}/task/${thread}`).catch(() => Number.POSITIVE_INFINITY)),
  );
  const first = Math.min(...starts);
  return Number.isFinite(first) ? [first] : [];
}

/** Seconds since the epoch (proc_stat(5), `btime`). */
function bootTime(): number | undefined {
  try {
    const seconds = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1];
    return seconds === undefined ? undefined : Number(seconds);
  } catch {
    return undefined;
  }
}
