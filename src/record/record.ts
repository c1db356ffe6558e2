import type { ExitCode } from '../exit-codes.js';
import type { FixtureSpec } from '../fixtures/fixture.js';
import type { Latency } from '../load/latency.js';
import type { FailureCount, FirstAnswer, RoundKind } from '../load/round.js';
import type { SourceName } from '../probes/probe.js';
import type { ResourceName } from '../probes/resources.js';
import type { Hop } from '../target/locate/lead.js';
import type { Runtime } from '../target/processes/runtime.js';
import type { Setting } from '../target/processes/settings.js';
import type { ChurnSite } from '../verdict/culprits/churn-sites.js';
import type { Explained, GrowingSite } from '../verdict/culprits/culprits.js';
import type { Origin } from '../verdict/culprits/origins.js';
import type { Forecast } from '../verdict/forecast.js';
import type { RestedFinding } from '../verdict/rest.js';
import type { Series } from '../verdict/series.js';
import type { Interval, Verdict } from '../verdict/verdict.js';
import type { BaselineRecord } from './baseline-record.js';

/** Why no further round began. */
export type End =
  | 'decided'
  | 'rounds-done'
  | 'time-limit'
  | 'memory-limit'
  | 'growth-limit'
  | 'interrupted'
  | 'too-many-failed'
  | 'file-changed'
  | 'target-lost';

/** One resource's verdict and the series it rests on. */
export interface ResourceRecord extends Omit<RestedFinding, 'series'>, Series {}

export interface RoundRecord {
  kind: RoundKind;
  /** In a sweep, the size of its uploads' file. */
  size?: number;
  sent: number;
  completed: number;
  failed: number;
  /** The duration of the uploads, or of the wait in their place. */
  seconds: number;
  /** The duration of the reading that followed, including settling. */
  readingSeconds: number;
  latencyMs?: Latency;
}

/** A source that was read: its place, how often an attempt had to be repeated, and why it was given up. */
export interface ProbeSummary {
  source: SourceName;
  endpoint: string;
  retries: number;
  lost?: string;
}

/** One call site, class, group of goroutines or kind of file that grows, and how sure that is. */
export interface Culprit extends GrowingSite, Origin {
  source: SourceName;
  /** Objects or instances per upload, if the profile counts them beside their bytes. */
  instances?: Interval;
  /** Of files: their bytes per upload. */
  bytes?: Interval;
  /** Of goroutines: the runtime itself says that nothing can wake them any more. */
  provenLeaked?: boolean;
  /** Of a class, or of the objects that a call site allocates: what keeps them alive, from the root on. */
  retainedBy?: string[];
}

/** A resource's growth split by the sizes of the uploads (`--sizes`). */
export interface SizeSweep {
  resource: ResourceName;
  /** In the resource's unit, whatever the upload's size. */
  perUpload: Interval;
  /** In the resource's unit per byte uploaded; 1.00 where bodies are kept. */
  perByte: Interval;
}

/** The result of one scenario. */
export interface ScenarioRecord {
  /** How the uploads behaved: `complete`, or as `abort@50%`. */
  scenario: string;
  verdict: Verdict;
  end: End;
  /** Why the target could not be measured (exit 4). */
  error?: { code: string; message: string };
  load: {
    uploadsPerRound: number;
    concurrency: number;
    /** Rounds of uploads, warm-up rounds not counted. */
    rounds: number;
    warmUpRounds: number;
    blankRounds: number;
    sent: number;
    completed: number;
    /** Uploads that did not end as the scenario expects. */
    failed: number;
    /** Sent again on a fresh connection because the server closed the kept one before a byte of an answer. */
    resent?: number;
    /** With a given rate: uploads that began later than they should have. */
    lateStarts?: number;
    /** With a given rate and duration: uploads that were due in it and never began. */
    missedStarts?: number;
    statuses: Record<string, number>;
    errors: Record<string, number>;
    /** Uploads that ended without an answer as their scenario intends: `{ "aborted": 100 }`. */
    endings?: Record<string, number>;
    firstFailure?: FailureCount;
    /** The server's response to the first upload that it answered. */
    firstAnswer?: FirstAnswer;
    bodyBytes: number;
    /** The sizes of a sweep. */
    sizes?: number[];
    bytesSent: number;
    /** Time spent uploading, readings not counted. */
    seconds: number;
    latencyMs: Latency;
    fixture?: FixtureSpec;
  };
  rounds: RoundRecord[];
  resources: ResourceRecord[];
  /** The culprits of the leaks; the largest share of each resource first. */
  culprits: Culprit[];
  explained: Explained[];
  /** For a hunt with several sizes. */
  sweep?: SizeSweep[];
  /** Bytes allocated and freed again per upload; null where no probe counts allocations. */
  churn: { perUpload: number; source: SourceName; sites?: ChurnSite[] } | null;
  /** The target's high-water mark; null where no probe knows it. */
  peak: { bytes: number; perUploadInFlight: number; source: SourceName } | null;
  /** With `--traffic`: null where no memory leaks. */
  forecast?: Forecast | null;
  warnings: string[];
}

/**
 * A whole hunt as plain data: every report is made from this and nothing else. Version 1. With several
 * scenarios, the fields here are those of the first one with the overall verdict, and `scenarios` holds them
 * all.
 */
export interface Hunt extends ScenarioRecord {
  schemaVersion: 1;
  leakhunt: {
    version: string;
    startedAt: string;
    seconds: number;
    /** The command that repeats the hunt in a shell, without secrets. */
    command?: string;
  };
  exitCode: ExitCode;
  target: {
    /** Without credentials, and with the values of its query hidden. */
    url: string;
    pid?: number;
    runtime?: Runtime;
    /** What of its state decides which advice is of use to it. */
    settings?: Setting[];
    /** What the process was started with, without secrets. */
    command?: string;
    /** The forwarders that the uploads went through on their way to the process, in order. */
    through?: Hop[];
    /** Uploads before the first reading, which showed where the forwarders lead; not part of `load`. */
    trialUploads?: number;
    probes: ProbeSummary[];
    missing: { source: SourceName; why: string }[];
  };
  scenarios?: ScenarioRecord[];
  /** With `--baseline`: the leaks compared with an earlier record; the exit code follows it. */
  baseline?: BaselineRecord;
  /** leakhunt's own cost. */
  self: {
    peakRssBytes: number;
    cpuSeconds: number;
    /** While uploading: CPU time over wall time, 1 for one core. */
    cpuShare?: number;
    /** How late timers fire while uploading. */
    eventLoopDelayMs?: { p50: number; p99: number; max: number };
    /** Whether leakhunt and not the target set the pace. */
    bottleneck?: boolean;
  };
}

/** Every scenario of a hunt, one or more. */
export function scenariosOf(hunt: Hunt): ScenarioRecord[] {
  return hunt.scenarios ?? [hunt];
}
