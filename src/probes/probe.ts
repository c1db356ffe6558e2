import { targetError } from '../errors.js';
import type { Target } from '../target/locate.js';
import type { ResourceName } from './resources.js';

/** What one probe says at one moment. A value that could not be read is absent, never zero. */
export interface Sample {
  values: Partial<Record<ResourceName, number>>;
  /** Bytes allocated since the target started, those freed since included: churn. */
  allocated?: number;
  /** The most bytes the target ever had from the operating system. */
  peak?: number;
  /** Differs as soon as the target is another process than before. */
  identity?: string;
  /** Never falls while the target is the same process (collections so far, bytes allocated so far). */
  counter?: number;
}

/** One source of readings of one target. */
export interface Probe {
  source: SourceName;
  /** Where it reads, for people: `http://127.0.0.1:8000/debug/pprof/`. */
  endpoint: string;
  /** Asks the target to collect garbage, once. Absent where the source offers no such thing. */
  collect?(): Promise<void>;
  /** Collects where it can, and reads at once. */
  read(): Promise<Sample>;
  close?(): Promise<void>;
}

export type SourceName = 'pprof' | 'inspector' | 'pid' | 'prometheus';

/** Finds a source on a target, at `argument` where the user gave one. Rejects with `NotThere`. */
export type Source = (target: Target, argument?: string) => Promise<Probe>;

/** A source that a target does not have: what was tried and what came back. */
export class NotThere extends Error {
  override name = 'NotThere';
}

/** The target answered something that cannot be used; the hunt decides what that means. */
export function probeError(source: SourceName, message: string, cause?: unknown): Error {
  return targetError('PROBE_FAILED', `The ${source} probe failed: ${message}`, { cause });
}
