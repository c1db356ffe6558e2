import { readFile } from 'node:fs/promises';
import { argumentsOf, environmentOf } from './procfs.js';
import type { Runtime } from './runtime.js';

/** A runtime that collects garbage at its own pace, and how much garbage a process may hold meanwhile. */
export interface Collector {
  runtime: Runtime;
  /** The heap size in bytes at which garbage must be collected; infinite if there is none. */
  limit: number;
  /** Or this many percent more than what is in use: Go's GOGC. */
  percent?: number;
}

interface CollectorSettings {
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Bytes of this machine's memory. */
  memory: number;
}

const MiB = 2 ** 20;

/** Python counts references: what it keeps is in use, except for cycles, which it looks for all the time. */
const limits: Partial<Record<Runtime, (settings: CollectorSettings) => Omit<Collector, 'runtime'>>> = {
  go: goLimit,
  node: settings => ({ limit: nodeLimit(settings) }),
  java: settings => ({ limit: javaLimit(settings) }),
  dotnet: settings => ({ limit: dotnetLimit(settings) }),
  ruby: () => ({ limit: Number.POSITIVE_INFINITY }),
};

/** The collector of a process, as its arguments and its environment set it; undefined if it has none. */
export async function collectorOf(pid: number, runtime: Runtime): Promise<Collector | undefined> {
  if (!limits[runtime]) return undefined;
  const [args, env, meminfo] = await Promise.all([
    argumentsOf(pid).catch(() => []),
    environmentOf(pid).catch(() => ({})),
    readFile('/proc/meminfo', 'utf8').catch(() => ''),
  ]);
  const total = /^MemTotal:\s+(\d+) kB/m.exec(meminfo)?.[1];
  const memory = total === undefined ? Number.POSITIVE_INFINITY : Number(total) * 1024;
  return collectorIn(runtime, { args, env, memory });
}

export function collectorIn(runtime: Runtime, settings: CollectorSettings): Collector | undefined {
  const limit = limits[runtime]?.(settings);
  return limit && { runtime, ...limit };
}

/** Source: Go's package runtime, "Environment Variables". */
function goLimit({ env }: CollectorSettings): Omit<Collector, 'runtime'> {
  const limit = bytesOf(env.GOMEMLIMIT) ?? Number.POSITIVE_INFINITY;
  if (env.GOGC === 'off') return { limit };
  const percent = Number(env.GOGC || 100);
  return { limit, percent: percent >= 0 ? percent : 100 };
}

/** Three semi-spaces of 16 MiB, and buffers of 64 MiB that make V8 collect. Source: V8, heap.cc. */
const besideOldSpace = 112 * MiB;

/**
 * By default half of the memory, 4 GiB at most. Source: V8, `Heap::MaxOldGenerationSizeFromPhysicalMemory`.
 */
function nodeLimit({ args, env, memory }: CollectorSettings): number {
  const all = [...args, ...(env.NODE_OPTIONS ?? '').split(/\s+/)].join(' ');
  const given = lastOf(all, /--max[-_]old[-_]space[-_]size[= ](\d+)/g);
  return (given ? Number(given) * MiB : Math.min(memory / 2, 4096 * MiB)) + besideOldSpace;
}

/**
 * By default a quarter of the memory. Source: the JDK's `java` manual page, "Advanced Garbage Collection
 * Options".
 */
function javaLimit({ args, env, memory }: CollectorSettings): number {
  const variables = [env.JDK_JAVA_OPTIONS, env.JAVA_TOOL_OPTIONS, env._JAVA_OPTIONS];
  const all = [...args, ...variables].join(' ');
  const given = lastOf(all, /(?:^|\s)(?:-Xmx|-XX:MaxHeapSize=)(\d+[kmgtKMGT]?)(?=\s|$)/g);
  if (given) return bytesOf(given)!;
  // The content of an argument file is not read.
  if (args.some(arg => arg.startsWith('@'))) return memory;
  const percentage = lastOf(all, /-XX:MaxRAMPercentage=([\d.]+)/g);
  return (memory * Number(percentage ?? 25)) / 100;
}

/** In hexadecimal; all of the memory by default. Source: .NET, "Runtime configuration options for GC". */
function dotnetLimit({ env, memory }: CollectorSettings): number {
  const given = env.DOTNET_GCHeapHardLimit ?? env.COMPlus_GCHeapHardLimit;
  const limit = given ? Number.parseInt(given, 16) : Number.NaN;
  return limit > 0 ? limit : memory;
}

function lastOf(text: string, pattern: RegExp): string | undefined {
  return [...text.matchAll(pattern)].at(-1)?.[1];
}

/** `600MiB` in Go's notation, `512m` in Java's, or bytes: both use units of 1,024. */
function bytesOf(text: string | undefined): number | undefined {
  const match = /^(\d+)([kmgt]?)(?:i?b)?$/i.exec(text ?? '');
  if (!match) return undefined;
  return Number(match[1]) * 1024 ** ['', 'k', 'm', 'g', 't'].indexOf(match[2]!.toLowerCase());
}
