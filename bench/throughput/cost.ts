import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { Client } from './peers.js';

/** What one run of a client cost. */
export interface Cost {
  cpuSeconds: number;
  /** Largest resident size of one of its processes, if it can be read. */
  peakBytes?: number;
  /** Uploads answered, as the client counted them. */
  answered?: number;
}

/** Runs a client to its end. Throws if it fails. */
export async function costOf(client: Client, command: string[]): Promise<Cost> {
  return client.reports ? (JSON.parse(await run(command)) as Cost) : costByShell(client, command);
}

/** bash counts the CPU time of what it waited for; the kernel keeps each process's largest resident size. */
async function costByShell(client: Client, command: string[]): Promise<Cost> {
  let peakBytes = 0;
  const output = await run(
    ['bash', '-c', '"$@"; code=$?; echo; times; exit $code', 'bash', ...command],
    pid => {
      for (const each of descendants(pid)) peakBytes = Math.max(peakBytes, largestResident(each));
    },
  );
  const times = [...output.slice(-200).matchAll(/(\d+)m([\d.]+)s/g)].slice(-4);
  const cpuSeconds = times.reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
  return { cpuSeconds, ...(peakBytes > 0 ? { peakBytes } : {}), answered: client.answered?.(output) };
}

async function run([program, ...rest]: string[], look?: (pid: number) => void): Promise<string> {
  const child = spawn(program!, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  const timer = look && setInterval(() => look(child.pid!), 25);
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const [[code], output, complaint] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  clearInterval(timer);
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${complaint}`);
  return output;
}

function descendants(pid: number): number[] {
  const children = procfs(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return children.flatMap(child => [child, ...descendants(child)]);
}

function largestResident(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(procfs(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

/** Empty if the process is gone or there is no procfs. */
function procfs(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
