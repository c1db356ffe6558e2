import type { ExitCode } from '../exit-codes.js';
import type { FixtureSpec } from '../fixtures/fixture.js';
import type { Latency } from '../load/latency.js';
import type { Failure, RoundKind } from '../load/round.js';
import type { SourceName } from '../probes/probe.js';
import type { Series } from '../series/series.js';
import type { Runtime } from '../target/runtime.js';
import type { Finding } from '../verdict/findings.js';
import type { Forecast } from '../verdict/forecast.js';
import type { Verdict } from '../verdict/types.js';

/** Why no further round was begun. */
export type End =
  | 'decided'
  | 'rounds-done'
  | 'time-limit'
  | 'memory-limit'
  | 'interrupted'
  | 'too-many-failed'
  | 'target-lost';

/** One resource's verdict and the series it rests on. */
export interface ResourceRecord extends Omit<Finding, 'series'>, Series {}

export interface RoundRecord {
  kind: RoundKind;
  sent: number;
  completed: number;
  failed: number;
  /** Of the uploads, or of the wait in their place. */
  seconds: number;
  /** Of the reading that followed, settling included. */
  readingSeconds: number;
  latencyMs?: Latency;
}

/** A source that was read: where, how often an attempt had to be made twice, and why it was given up. */
export interface ProbeSummary {
  source: SourceName;
  endpoint: string;
  retries: number;
  lost?: string;
}

/** A whole hunt as plain data: every report is made from this and nothing else. Version 1. */
export interface Hunt {
  schemaVersion: 1;
  leakhunt: { version: string; startedAt: string; seconds: number };
  verdict: Verdict;
  exitCode: ExitCode;
  end: End;
  /** Why the target could not be measured (exit 4). */
  error?: { code: string; message: string };
  target: {
    /** Without credentials, and with the values of its query hidden. */
    url: string;
    pid?: number;
    runtime?: Runtime;
    probes: ProbeSummary[];
    missing: { source: SourceName; why: string }[];
  };
  load: {
    uploadsPerRound: number;
    concurrency: number;
    /** Rounds of uploads, warm-up rounds not counted. */
    rounds: number;
    warmUpRounds: number;
    blankRounds: number;
    sent: number;
    completed: number;
    failed: number;
    statuses: Record<string, number>;
    errors: Record<string, number>;
    firstFailure?: Failure;
    bodyBytes: number;
    bytesSent: number;
    /** Spent uploading, readings not counted. */
    seconds: number;
    latencyMs: Latency;
    fixture?: FixtureSpec;
  };
  rounds: RoundRecord[];
  resources: ResourceRecord[];
  culprits: [];
  /** Bytes allocated and freed again per upload; null where no probe counts allocations. */
  churn: { perUpload: number; source: SourceName } | null;
  /** The target's high-water mark; null where no probe knows it. */
  peak: { bytes: number; perUploadInFlight: number; source: SourceName } | null;
  /** With `--traffic`: null where no memory leaks. */
  forecast?: Forecast | null;
  /** leakhunt's own cost. */
  self: { peakRssBytes: number; cpuSeconds: number };
  warnings: string[];
}
