import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface Measurement {
  /** Milliseconds of the first profile that the process decodes. */
  first: number;
  /** Milliseconds of the last profile in the same process. */
  again?: number;
  /** Largest resident size of the process, if it can be read. */
  peakBytes?: number;
  /** The content of the profile, if the decoder can be asked. */
  found?: unknown;
}

/** The programs that decode, each in a process of its own. */
export const programs = {
  leakhunt: fileURLToPath(import.meta.resolve('./clients/leakhunt.js')),
  pprofFormat: fileURLToPath(import.meta.resolve('./clients/pprof-format.js')),
};

/**
 * A decoder in a Node process of its own, which times itself: neither start-up nor reading the file counts.
 */
export async function inNode(program: string, ...args: string[]): Promise<Measurement> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args]);
  return JSON.parse(stdout);
}

/** The program behind `go tool pprof`; undefined without Go. */
export function pprofTool(): string | undefined {
  const { status, stdout } = spawnSync('go', ['tool', '-n', 'pprof'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** `go tool pprof -raw`, from its start to its end. */
export async function withPprof(tool: string, file: string): Promise<Measurement> {
  const start = performance.now();
  const child = spawn(tool, ['-raw', '-output', '/dev/null', file], { stdio: 'ignore' });
  let peakBytes = 0;
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, largestResident(child.pid!));
  }, 10);
  const [code] = (await once(child, 'exit')) as [number | null];
  const first = performance.now() - start;
  clearInterval(timer);
  if (code !== 0) throw new Error(`${tool} ended with ${code}.`);
  return { first, ...(peakBytes > 0 ? { peakBytes } : {}) };
}

function largestResident(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
