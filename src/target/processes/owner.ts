import { readlink } from 'node:fs/promises';
import { codeOf } from '../../errors.js';
import { startTime } from './procfs.js';

/**
 * A name that identifies this process among all past and future ones on this machine, for a file's name: its
 * pid, its start time, and its pid namespace; the last two are 0 without /proc.
 */
export async function ownerName(): Promise<string> {
  const started = await startTime('self').catch(() => 0);
  return [process.pid, started, await namespace()].join('-');
}

/** Matches what `ownerName` makes. */
export const ownerPattern = String.raw`\d+-\d+-\d+`;

/**
 * Whether the process of a name has ended. One of another namespace cannot be seen: nothing is known about
 * it.
 */
export async function hasGone(owner: string): Promise<boolean> {
  const [pid, started, space] = owner.split('-').map(Number) as [number, number, number];
  if (space !== (await namespace())) return false;
  if (started === 0) return !lives(pid);
  return (await startTime(pid).catch(() => undefined)) !== started;
}

async function namespace(): Promise<number> {
  const link = await readlink('/proc/self/ns/pid').catch(() => '');
  return Number(/\d+/.exec(link)?.[0] ?? 0);
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
