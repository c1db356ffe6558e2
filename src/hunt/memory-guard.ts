import { readFileSync } from 'node:fs';
import type { Round } from './experiment.js';

/** This share of the machine's memory is left alone. */
const reserve = 0.1;

/** Whether one more round like the last ones could take the machine's last memory. Linux only: elsewhere no. */
export function memoryRunsOut(rounds: readonly Round[]): boolean {
  const rss = rounds.filter(({ result }) => result).flatMap(({ reading }) => reading?.values.rss ?? []);
  const [before, now] = rss.slice(-2);
  if (before === undefined || now === undefined) return false;
  const memory = machineMemory();
  return memory !== undefined && memory.available - 2 * Math.max(0, now - before) < reserve * memory.total;
}

function machineMemory(): { total: number; available: number } | undefined {
  try {
    const text = readFileSync('/proc/meminfo', 'utf8');
    const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) * 1024;
    return { total: bytes('MemTotal'), available: bytes('MemAvailable') };
  } catch {
    return undefined;
  }
}
