import { messageOf, targetError } from '../errors.js';
import type { Target } from '../target/locate/locate.js';
import type { Collector } from '../target/processes/collector.js';
import type { Runtime } from '../target/processes/runtime.js';
import type { Setting } from '../target/processes/settings.js';
import type { Claim } from './belongs.js';
import type { Moment, ResourceValues } from './reading.js';
import type { ResourceName } from './resources.js';

/** What one probe reads at one moment. A value that could not be read is absent, never zero. */
export interface Sample {
  values: Partial<Record<ResourceName, number>>;
  /** Bytes allocated since the target started, including those freed since: churn. */
  allocated?: number;
  /** The most bytes the target ever had from the operating system. */
  peak?: number;
  /** Bytes that the runtime holds for its heap, in use or not. */
  committed?: number | undefined;
  /** Collections of the whole heap so far. */
  collections?: number | undefined;
  /** The limit in bytes at which the operating system ends the target. */
  limit?: number;
  /** How many processes the target consists of, if a probe sees them. */
  processes?: number;
  /** Differs as soon as the target is another process than before. */
  identity?: string;
  /** Never falls while the target is the same process (collections so far, bytes allocated so far). */
  counter?: number;
}

/** Who holds a resource, in the source's format; `profiles/` reads it. */
export interface RawProfile {
  format: ProfileFormat;
  bytes: Uint8Array;
}

export type ProfileFormat =
  /** `heap?gc=1`: profile.proto, gzip. */
  | 'go-heap'
  /** `goroutine?debug=1`: stacks with counts. */
  | 'go-goroutine'
  /** `goroutine?debug=2`: every goroutine with its state and who started it. */
  | 'go-goroutine-dump'
  /** `goroutineleak?debug=1`: those that nothing can wake any more. */
  | 'go-goroutine-leak'
  /** `HeapProfiler.getSamplingProfile`: JSON. */
  | 'v8-sampling'
  /** `jcmd GC.class_histogram`: a table. */
  | 'jvm-histogram'
  /** `jcmd VM.native_memory summary scale=B`: bytes of a JVM's native memory by what it is for. */
  | 'jvm-native-memory'
  /** `jfr print --json --events jdk.OldObjectSample`: objects that are kept, their stacks and what keeps them. */
  | 'jfr-old-objects'
  /** `jfr print --json --events jdk.ThreadStart`: the stacks that started threads. */
  | 'jfr-thread-starts'
  /** `jcmd Thread.print`: a text. */
  | 'jvm-threads'
  /** Stacks of a Python process with what each has made since its traces were cleared: the agent's JSON. */
  | 'python-sites'
  /** A line each: what kind of descriptor or temp file, a tab, and what it is. */
  | 'descriptors';

/** What takes the snapshots of one heap. */
export type Snapshots = Required<Pick<Probe, 'snapshot'>> & Pick<Probe, 'snapshotSeconds'>;

/** A recording that is under way in the target. */
export interface Recording {
  /** Ends it, and tells what came between; the target stands still meanwhile. Rejects with a sentence without a full stop. */
  stop(): Promise<RawProfile[]>;
  /** Ends it where it still runs, and removes what it left. */
  close(): Promise<void>;
}

/**
 * The target keeps the stack of everything that it makes from `begin` to `end`, which slows it: readings with it and
 * without it are not comparable.
 */
export interface Tracing {
  begin(): Promise<void>;
  /** Leaves out of later profiles what was made before. */
  forget(): Promise<void>;
  /** What was made since, and is still there. */
  profile(): Promise<RawProfile[]>;
  /** What keeps that which was made at each of these lines, from the root on; undefined of what is not known. Ends the tracing. */
  keepers(places: readonly [file: string, line: number][]): Promise<(string[] | undefined)[]>;
  end(): Promise<void>;
}

/** One source of readings of one target. */
export interface Probe {
  source: SourceName;
  /** Where it reads, for people: `http://127.0.0.1:8000/debug/pprof/`. */
  endpoint: string;
  /** How the target delays collecting garbage; absent if it collects none, or that cannot be seen. */
  collector?: Collector | undefined;
  /** Answers come at the pace of another program's clock: the probe itself knows how long that may take. */
  paced?: true;
  /** Asks the target to collect garbage, once. Absent if the source cannot. */
  collect?(): Promise<void>;
  /**
   * Collects if it can, and reads at once; `again` within one reading, when complete values need not be read
   * again.
   */
  read(again?: boolean, moment?: Moment): Promise<Sample>;
  /** Things that a collection may let go of, as they are before one: threads, descriptors. */
  pending?(): Promise<ResourceValues>;
  /** Values of an earlier reading, by its number, as they are by what is known since; undefined is not known. */
  revised?(reading: number): ResourceValues;
  /** Who holds what, right after a reading. Absent if the source cannot tell. */
  profile?(): Promise<RawProfile[]>;
  /**
   * Every object of the target and what holds it, as a V8 heap snapshot in pieces. Collects garbage first.
   * The target is paused meanwhile, and its exact readings are no longer comparable with those before.
   */
  snapshot?(): AsyncIterable<Uint8Array | string>;
  /** About how long one would take by now. */
  snapshotSeconds?(): number;
  /** Where the process has several heaps: those that have grown most, each with its own snapshots. */
  readonly heaps?: readonly Snapshots[];
  /** Begins to record who allocates what is kept, which changes the target's exact readings from then on. */
  record?(): Promise<Recording>;
  /** Has the target remember who makes what. Absent where it cannot. */
  tracing?: Tracing;
  /** What is too expensive to be asked for after each reading. */
  dump?(): Promise<RawProfile[]>;
  /** What it reports about the process that it speaks for. Absent if that was given, or is not reported. */
  claim?(): Promise<Claim>;
  /** What the target is to be started with for profiles that miss less; undefined where it was, as far as is known. */
  readonly finer?: string | undefined;
  /** How many processes of the target on the same runtime this source does not read, where it reads some. */
  unread?: number;
  /** Why it may belong to another process than the target, as a sentence. */
  doubt?: string;
  /** CPU time of the target so far, in seconds. */
  cpuSeconds?(): Promise<number>;
  /** A number under the target's own name for it; undefined if the source has none of that name. */
  metric?(name: string): Promise<number | undefined>;
  /** The folder of the files that it counts; of several folders, the one with the most. */
  readonly folder?: string | undefined;
  /** Patterns of files whose owner is not known: none of them is counted. */
  readonly undecided?: readonly string[];
  /** How the target ended since the probe was opened, if the source knows: `it was killed by ...`. */
  exitReport?(): Promise<string | undefined>;
  close?(): Promise<void>;
}

/** A key of the catalogue of sources, and its name for `--probe`. */
export type SourceName = string;

/** One way to read a target: how it is opened, and what is known about it beforehand. */
export interface Source {
  /** Finds it on a target, at `argument` if the user gave one. Rejects with `NotThere`. */
  open(target: Target, argument?: string): Promise<Probe>;
  /**
   * Whether `auto` looks for it; only the user can know of any other. A named source comes first, and is
   * believed.
   */
  auto: boolean;
  /** An example with its argument, if that helps a user of whose target nothing was found. */
  example?: string;
  /** It makes the target collect its garbage, and reads its heap exactly. */
  collects?: true;
  /** It reads the heap of one process, which runs on this runtime. */
  runtime?: Runtime;
  /** Without an argument it reads the process that holds the port of the uploads. */
  ofProcess?: true;
  /**
   * It sees the process itself: if that is gone, so is the target, and it knows best whether the process is
   * the same.
   */
  isProcess?: true;
  /** If several workers share a port, any of them may answer. */
  ofAnyWorker?: true;
  ports?: Ports;
  /** Where it is, where that is neither on the upload's own origin nor on a port. */
  places?(target: Target): Promise<SourceAddress[]>;
  /** What its argument names, which then is the target. */
  names?: 'process' | 'container';
  /**
   * How its argument is written, if it is not an address: a shell command, or an address with a JSON pointer.
   */
  argument?: 'command' | 'pointer';
  /** The error if its argument is missing and it needs one. */
  wanting?: string;
  /** How to make a target readable by it, by runtime. */
  advice?: Partial<Record<Runtime, Advice>>;
  /** What a target is to be started with so that it keeps who led to the start of what runs at the same time. */
  ancestors?: string;
}

/** Where a source may be. */
export interface SourceAddress {
  /** Absent for the place that the source looks at by itself: the upload's origin, the target's process. */
  argument?: string;
  /** Nothing but habit says that the target is there: on another machine, or on this one. */
  guessed?: 'there' | 'here';
}

/** Where a source may be, beside the place that it looks at by itself. */
interface Ports {
  /** At a fixed address, on any port of the target's process. */
  any?: true;
  /** Each process of the target on its runtime may have one, on its own port. */
  each?: true;
  /** The port in the manuals; tried if the target's own ports cannot be seen. */
  usual?: number;
}

/** A way to have the heap read, as a sentence; and in a survey, as what to do. */
interface Advice extends Way {
  /** What to say in its place to a target of which this is set; null where then it is of no use. The first counts. */
  instead?: Partial<Record<Setting, Way | null>>;
}

/** A sentence, and the same as what to do. */
export interface Way {
  sentence: string;
  todo?: string;
  /** What to do where this source is looked for in vain, whose reason says more than the advice: another way. */
  otherwise?: string;
}

/** A source that a target does not have: what was tried and the result. */
export class SourceUnavailable extends Error {
  override name = 'NotThere';
}

/** One that the target itself keeps out, by the way it was started: worth telling to everybody. */
export class SourceKeptOut extends SourceUnavailable {}

/** The want of a process to look at, and why there is none. */
export function noProcess({ url, unseen, stuck }: Target): SourceUnavailable {
  return new SourceUnavailable(
    unseen ?? stuck ?? `no process of this user listens on the port of ${url.origin}`,
  );
}

/** The target's answer cannot be used; the hunt decides what that means. */
export function probeError(source: SourceName, message: string, cause?: unknown): Error {
  return targetError('PROBE_FAILED', `The ${source} probe failed: ${message}`, { cause });
}

/**
 * A probe whose every reading is one `sample`. One is taken now (or `check` is made) to see whether it
 * exists. Both reject with a sentence without a full stop; `timeout` (ms) is short for the first, absent
 * later.
 */
export async function openProbe(
  source: SourceName,
  endpoint: string,
  sample: (timeout?: number) => Promise<Sample>,
  check: (timeout: number) => Promise<unknown> = sample,
): Promise<Probe> {
  await orNotThere(check(5_000));
  const read = () =>
    sample().catch(error => {
      throw probeError(source, `${messageOf(error)}.`, error);
    });
  return { source, endpoint, read };
}

/** A source's first answer: an error means that it does not exist. */
export function orNotThere<Result>(answer: Promise<Result>): Promise<Result> {
  return answer.catch(error => {
    throw new SourceUnavailable(messageOf(error), { cause: error });
  });
}
