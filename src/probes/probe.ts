import { messageOf, targetError } from '../errors.js';
import type { Target } from '../target/locate/locate.js';
import type { Collector } from '../target/processes/collector.js';
import type { Runtime } from '../target/processes/runtime.js';
import type { Claim } from './belongs.js';
import type { Moment, ResourceValues } from './reading.js';
import type { ResourceName } from './resources.js';

/** What one probe says at one moment. A value that could not be read is absent, never zero. */
export interface Sample {
  values: Partial<Record<ResourceName, number>>;
  /** Bytes allocated since the target started, those freed since included: churn. */
  allocated?: number;
  /** The most bytes the target ever had from the operating system. */
  peak?: number;
  /** Bytes that the runtime holds for its heap, in use or not. */
  committed?: number | undefined;
  /** Collections of the whole heap so far. */
  collections?: number | undefined;
  /** The bytes at which the operating system ends the target. */
  limit?: number;
  /** Of how many processes the target consists, where a probe sees them. */
  processes?: number;
  /** Differs as soon as the target is another process than before. */
  identity?: string;
  /** Never falls while the target is the same process (collections so far, bytes allocated so far). */
  counter?: number;
}

/** Who holds a resource, in the form that the source wrote it; `profiles/` reads it. */
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
  /** Stacks of a Python process with what each has made since its traces were cleared: the agent's JSON. */
  | 'python-sites'
  /** A line each: what kind of descriptor or temp file, a tab, and what it is. */
  | 'descriptors';

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
  /** How the target puts off collecting garbage; absent where it collects none, or cannot be seen. */
  collector?: Collector | undefined;
  /** An answer comes when somebody else's clock says so: the probe itself knows how long that may take. */
  paced?: true;
  /** Asks the target to collect garbage, once. Absent where the source offers no such thing. */
  collect?(): Promise<void>;
  /** Collects where it can, and reads at once; `again` within one reading, where what is complete need not be looked at again. */
  read(again?: boolean, moment?: Moment): Promise<Sample>;
  /** Values of an earlier reading, by its number, as they are by what is known since; undefined is not known. */
  revised?(reading: number): ResourceValues;
  /** Who holds what, right after a reading. Absent where the source cannot tell. */
  profile?(): Promise<RawProfile[]>;
  /**
   * Every object of the target and what holds it, as a V8 heap snapshot in pieces. Collects garbage first; the
   * target stands still while it is taken, and its exact readings are no longer comparable with those before.
   */
  snapshot?(): AsyncIterable<Uint8Array | string>;
  /** Has the target remember who makes what. Absent where it cannot. */
  tracing?: Tracing;
  /** What is too expensive to be asked for after each reading. */
  dump?(): Promise<RawProfile[]>;
  /** What it says of the process that it speaks for. Absent where that was given, or is not told. */
  claim?(): Promise<Claim>;
  /** How many processes of the target on the same runtime this source does not read, where it reads some. */
  unread?: number;
  /** Why it may be another process's than the target, a sentence. */
  doubt?: string;
  /** CPU time of the target so far, in seconds. */
  cpuSeconds?(): Promise<number>;
  /** A number that the source tells by the target's own name for it; undefined where it has none of that name. */
  metric?(name: string): Promise<number | undefined>;
  /** Where the files that it counts are; of several folders, where most are. */
  readonly folder?: string | undefined;
  /** Files of which it cannot be told whose they are, by their patterns: none is counted then. */
  readonly undecided?: readonly string[];
  /** How the target came to its end since the probe was opened, where the source knows: `it was killed by ...`. */
  exitReport?(): Promise<string | undefined>;
  close?(): Promise<void>;
}

/** A key of the catalogue of sources, and the word that `--probe` takes. */
export type SourceName = string;

/** One way to read a target: how it is opened, and what is known of it before. */
export interface Source {
  /** Finds it on a target, at `argument` where the user gave one. Rejects with `NotThere`. */
  open(target: Target, argument?: string): Promise<Probe>;
  /** Whether `auto` looks for it; of any other only the user can know. What was named comes first, and is believed. */
  auto: boolean;
  /** How it is named with its argument, where that helps somebody of whose target nothing was found. */
  example?: string;
  /** It has the target collect its garbage, and reads its heap exactly. */
  collects?: true;
  /** It reads the heap of one process, which runs on this. */
  runtime?: Runtime;
  /** Without an argument it looks at the process that holds the port of the uploads. */
  ofProcess?: true;
  /** It sees the process itself: gone there, the target is gone, and whether it is the same process is known best there. */
  isProcess?: true;
  /** Where several workers share a port, one or another of them answers it. */
  ofAnyWorker?: true;
  ports?: Ports;
  /** Where it is, where that is neither on the upload's own origin nor on a port. */
  places?(target: Target): Promise<SourceAddress[]>;
  /** What its argument names, which then is the target. */
  names?: 'process' | 'container';
  /** How its argument is written, where that is no address: a shell command, or an address with a JSON pointer. */
  argument?: 'command' | 'pointer';
  /** What to say where it is named without an argument that it cannot do without. */
  wanting?: string;
  /** How a target comes to be read by it, by what that runs on. */
  advice?: Partial<Record<Runtime, Advice>>;
  /** What a target is to be started with for profiles that miss less. */
  finer?: string;
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
  /** At an address that stays, on any port of the target's process. */
  any?: true;
  /** Each process of the target on its runtime may have one, on a port of its own. */
  each?: true;
  /** The port in the manuals; tried where the target's own are not in sight. */
  usual?: number;
}

/** A way to have the heap read, as a sentence; and in a survey, as what to do. */
interface Advice {
  sentence: string;
  todo?: string;
}

/** A source that a target does not have: what was tried and what came back. */
export class SourceUnavailable extends Error {
  override name = 'NotThere';
}

/** One that the target itself keeps out, by the way it was started: worth telling to everybody. */
export class SourceKeptOut extends SourceUnavailable {}

/** The want of a process to look at, and why there is none. */
export function noProcess({ url, unseen, stuck }: Target): SourceUnavailable {
  return new SourceUnavailable(
    unseen ?? stuck ?? `no process of this user on this machine listens on the port of ${url.origin}`,
  );
}

/** The target answered something that cannot be used; the hunt decides what that means. */
export function probeError(source: SourceName, message: string, cause?: unknown): Error {
  return targetError('PROBE_FAILED', `The ${source} probe failed: ${message}`, { cause });
}

/**
 * A probe whose every reading is one `sample`, taken once now (or `check` made) to see that it is there. Both
 * reject with a sentence without a full stop; `timeout` (ms) is short for the first, absent later.
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

/** What a source answers at first: an error means that it is not there. */
export function orNotThere<Result>(answer: Promise<Result>): Promise<Result> {
  return answer.catch(error => {
    throw new SourceUnavailable(messageOf(error), { cause: error });
  });
}
