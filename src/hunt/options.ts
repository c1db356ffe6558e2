import type { FixtureSpec } from '../fixtures/fixture.js';
import type { FormPart } from '../load/form.js';
import type { StartOptions } from '../target/start.js';
import type { ForecastOptions } from '../verdict/forecast.js';
import type { Margins } from '../verdict/margins.js';
import type { HuntEvent } from './events.js';

/** What to hunt and how. Only `url` is needed; `withDefaults` says what stands in for the rest. */
export interface HuntOptions {
  url: string;
  method?: string;
  /** Name and value of each header, in the order they are sent. */
  headers?: [string, string][];
  /** The parts of the form; without any, the generated fixture is sent as `field`. */
  form?: FormPart[];
  fixture?: FixtureSpec;
  field?: string;
  /** Start the target with this command and stop it at the end; its URL must be known beforehand. */
  start?: Omit<StartOptions, 'ready' | 'readyTimeout' | 'stopTimeout'> & Partial<StartOptions>;
  uploadsPerRound?: number;
  concurrency?: number;
  /** A number of rounds, or `auto`: until every resource is decided, within `maxRounds`. */
  rounds?: number | 'auto';
  warmUpRounds?: number;
  maxRounds?: number;
  /** Seconds after which no further round is begun. */
  timeLimit?: number;
  /** Heap growth that nothing else supports is not called a leak before so many uploads: it could be a cache. */
  minUploads?: number;
  margins?: Partial<Margins>;
  /** What the target sees in production, for a forecast. */
  traffic?: ForecastOptions;
  probes?: string[];
  /** Longest wait, in seconds, for the target's memory to stop falling before a reading. */
  settle?: number;
  /** The share of uploads that may fail, 0 to 1. */
  maxFailed?: number;
  maxTime?: number;
  connectTimeout?: number;
  insecure?: boolean;
  /** Have a Node process open its inspector by SIGUSR1. */
  allowSignals?: boolean;
  location?: boolean;
  /** Ends the hunt before its next round; what was measured is still judged. */
  signal?: AbortSignal;
  onEvent?: (event: HuntEvent) => void;
}

export const defaultFixture: FixtureSpec = { kind: 'text', size: 1_300_000, seed: 1 };
