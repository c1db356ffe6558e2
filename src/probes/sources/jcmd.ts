import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { processIdIn } from '../../amounts.js';
import { codeOf, messageOf } from '../../errors.js';
import type { Target } from '../../target/locate/locate.js';
import { type AddressRange, residentIn, startTime } from '../../target/processes/procfs.js';
import {
  noProcess,
  openProbe,
  type Probe,
  probeError,
  type Sample,
  type Source,
  SourceUnavailable,
} from '../probe.js';

const run = promisify(execFile);
const longestCall = 60_000;
const largestAnswer = 64 * 2 ** 20;

export const jcmdSource: Source = {
  open: jcmd,
  auto: true,
  collects: true,
  runtime: 'java',
  ofProcess: true,
  advice: {
    java: {
      sentence: 'Install a JDK with jcmd, or serve /actuator.',
      instead: {
        'no-attach': { sentence: 'Start it without -XX:+DisableAttachMechanism, or serve /actuator.' },
        jdk: { sentence: 'Run leakhunt as the user that the JVM runs as, or serve /actuator.' },
      },
    },
  },
};

/**
 * A JVM on this machine through the JDK's jcmd: the exact bytes and objects that are alive after a full
 * collection.
 */
export async function jcmd(target: Target, argument?: string): Promise<Probe> {
  const pid = argument === undefined ? target.pid : (processIdIn(argument) ?? 0);
  if (pid === undefined) throw noProcess(target);
  // To jcmd, 0 means every JVM.
  if (pid === 0) throw new SourceUnavailable(`"${argument}" is not a process id`);
  await mustBeJvm(pid);

  const info = await jcmdRun(String(pid), 'GC.heap_info').catch(() => '');
  const range = heapRange(info);
  let histogram = '';
  const probe = await openProbe('jcmd', `jcmd ${pid}`, async () => {
    histogram = await jcmdRun(String(pid), 'GC.class_histogram');
    return sampleOf(pid, histogram, range);
  });
  const collect = async () => {
    await jcmdRun(String(pid), 'GC.run').catch(error => {
      throw probeError('jcmd', `${messageOf(error)}.`, error);
    });
  };
  // The histogram of the reading just taken: a new one would cost another full collection.
  const profile = async () => [{ format: 'jvm-histogram' as const, bytes: Buffer.from(histogram) }];
  return { ...probe, collect, profile };
}

/**
 * The class histogram and not `GC.heap_info`: it makes a full collection of its own, even if explicit ones
 * are disabled, and counts the objects that are left. The used bytes of `heap_info` are rounded to KiB,
 * include garbage and padding, and are written differently by each collector; all five (G1, Parallel, Serial,
 * Shenandoah, ZGC) write the same last line here.
 */
async function sampleOf(pid: number, histogram: string, range?: AddressRange): Promise<Sample> {
  const total = totalOf(histogram);
  if (!total) throw new Error(`jcmd ${pid} GC.class_histogram wrote no line "Total OBJECTS BYTES"`);
  return {
    values: { heap: total.bytes, 'heap-objects': total.objects },
    committed: range && (await residentIn(pid, range).catch(() => undefined)),
    identity: `${pid} ${await startTime(pid).catch(() => '')}`,
  };
}

/**
 * The addresses reserved for the heap, which stay the same: every collector but ZGC, whose heap is shared and
 * not anonymous memory, prints them in brackets, for the heap or for its generations (`[0x00000000e0000000,
 * 0x0000000100000000)`).
 */
export function heapRange(info: string): AddressRange | undefined {
  const heap = info.slice(0, Math.max(0, info.search(/^[ \t]*Metaspace/m)) || undefined);
  const ranges = [...heap.matchAll(/\[((?:0x[\da-f]+[,\s]*)+)\)/gi)];
  const addresses = ranges.flatMap(([, list]) => (list!.match(/0x[\da-f]+/gi) ?? []).map(BigInt));
  if (addresses.length === 0) return undefined;
  const compare = (a: bigint, b: bigint) => (a < b ? -1 : Number(a > b));
  const sorted = addresses.toSorted(compare);
  return { from: sorted[0]!, to: sorted.at(-1)! };
}

/** The last line of a class histogram: `Total         24345        6298048`. */
export function totalOf(histogram: string): { objects: number; bytes: number } | undefined {
  const total = /^Total\s+(\d+)\s+(\d+)\s*$/m.exec(histogram);
  return total ? { objects: Number(total[1]), bytes: Number(total[2]) } : undefined;
}

/** Attaching to a JVM begins with SIGQUIT, which ends any other program: so the process is checked first. */
async function mustBeJvm(pid: number): Promise<void> {
  const isJvm =
    process.platform === 'linux'
      ? /\/libjvm\.so\b/.test(await mapsOf(pid))
      : new RegExp(`^${pid} `, 'm').test(await jcmdRun('-l').catch(notThere));
  if (!isJvm) throw new SourceUnavailable(`process ${pid} is not a JVM`);
}

async function mapsOf(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/maps`, 'utf8').catch(error => {
    throw new SourceUnavailable(
      codeOf(error) === 'ENOENT' ? `there is no process ${pid}` : `process ${pid} belongs to another user`,
    );
  });
}

function notThere(error: unknown): never {
  throw new SourceUnavailable(messageOf(error));
}

async function jcmdRun(...args: string[]): Promise<string> {
  // JAVA_TOOL_OPTIONS is meant for the server: jcmd would also open an agent or a debugger port in it.
  const env = { ...process.env, JAVA_TOOL_OPTIONS: undefined };
  const options = { timeout: longestCall, maxBuffer: largestAnswer, killSignal: 'SIGKILL', env } as const;
  try {
    // Without performance data, jcmd writes no file to the temp folder, whose files may be counted.
    return (await run('jcmd', ['-J-XX:-UsePerfData', ...args], options)).stdout;
  } catch (error) {
    throw new Error(failure(error as CommandFailure, args.join(' ')));
  }
}

type CommandFailure = Error & { code?: string | number; killed?: boolean; stderr?: string; stdout?: string };

function failure(error: CommandFailure, command: string): string {
  const { code } = error;
  if (code === 'ENOENT') {
    return 'jcmd is not installed: install the JDK that the target runs on (Debian: openjdk-17-jdk-headless)';
  }
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return `jcmd ${command} wrote more than 64 MiB`;
  if (error.killed) return `jcmd ${command} did not finish within ${longestCall / 1000} s`;
  const said = /^(?:[\w.]+(?:Exception|Error): )?(.*\S)/m.exec(error.stderr ?? '')?.[1];
  return `jcmd ${command} failed (${said?.slice(0, 200) ?? `exit code ${code}`})`;
}
