import { processIdIn } from '../../amounts.js';
import { messageOf } from '../../errors.js';
import type { Target } from '../../target/locate/locate.js';
import { type AddressRange, residentIn, startTime } from '../../target/processes/procfs.js';
import {
  noProcess,
  openProbe,
  type Probe,
  probeError,
  type RawProfile,
  type Sample,
  type Source,
  SourceUnavailable,
} from '../probe.js';
import { jcmdRun } from './jdk-tool.js';
import { mustBeAttachable, optionsOf } from './jvm-attach.js';
import { recordJvm } from './jvm-recording.js';

export const jcmdSource: Source = {
  open: jcmd,
  auto: true,
  collects: true,
  runtime: 'java',
  ofProcess: true,
  advice: {
    java: {
      sentence: 'Install a JDK with jcmd, or serve /actuator.',
      otherwise: 'Another way is to serve /actuator.',
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
  await mustBeAttachable(pid);

  const info = await jcmdRun(String(pid), 'GC.heap_info').catch(() => '');
  const range = heapRange(info);
  const tracksNative = tracksNativeMemory(await optionsOf(pid));
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
  // The one of the reading that has just been: another would be another full collection.
  const profile = async (): Promise<RawProfile[]> => [
    { format: 'jvm-histogram', bytes: Buffer.from(histogram) },
    ...(tracksNative ? [{ format: 'jvm-native-memory' as const, bytes: await nativeMemoryOf(pid) }] : []),
  ];
  const record = () =>
    recordJvm(pid).catch(error => {
      throw probeError('jcmd', `${messageOf(error)}.`, error);
    });
  return { ...probe, collect, profile, record };
}

/** Whether the JVM was told to count its native memory: it cannot be told later. Of several options the last one counts. */
export function tracksNativeMemory(options: readonly string[]): boolean {
  const option = options.findLast(each => each.startsWith('-XX:NativeMemoryTracking='));
  return option !== undefined && !option.endsWith('=off');
}

async function nativeMemoryOf(pid: number): Promise<Uint8Array> {
  return Buffer.from(await jcmdRun(String(pid), 'VM.native_memory', 'summary', 'scale=B'));
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
