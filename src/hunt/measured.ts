import type { Missed } from '../awake.js';
import type { LeakhuntError } from '../errors.js';
import type { UploadRequest } from '../load/request.js';
import type { Missing } from '../probes/discover.js';
import type { Probe } from '../probes/probe.js';
import type { Reader } from '../probes/reader.js';
import type { End } from '../record/record.js';
import type { Target } from '../target/locate/locate.js';
import type { Rest, RestedFinding } from '../verdict/rest.js';
import type { Beginning } from './beginning.js';
import type { MetricReader } from './drain.js';
import type { HuntEvent } from './events.js';
import type { Investigation } from './investigation.js';
import type { Plan } from './plan.js';
import type { ProfileLog } from './profiling.js';
import type { Round } from './rounds.js';
import type { Uploads } from './uploads.js';

/** Everything that was measured in one scenario, however it ended. */
export interface Experiment {
  rounds: Round[];
  /** The rests before a leak was called, in the order they were taken. */
  rests: Rest[];
  end: End;
  error?: LeakhuntError;
  profiles: ProfileLog;
  /** How long leakhunt did not run, so that nothing was measured. */
  missed: Missed;
  /** CPU (cores) that the target used before any upload. */
  idleCpu?: number;
}

/** What an experiment needs from the hunt that it belongs to. */
export interface Setting {
  plan: Plan;
  uploads: Uploads;
  reader: Reader;
  /** What `--drain` waits for, if that is a metric of the target. */
  metric?: MetricReader;
  signal?: AbortSignal;
  /** Seconds until the time limit, below 0 after it. */
  left(): number;
  emit(event: HuntEvent): void;
  /** Writes down the rounds as they are taken. */
  journal: { take(round: Round): void; rested(rest: Rest): void };
}

/** What all scenarios of a hunt have in common. */
export interface Hunted extends Omit<Setting, 'uploads' | 'journal' | 'left'> {
  /** One for each size. */
  requests: UploadRequest[];
  probes: readonly Probe[];
  began: Beginning;
}

/** One scenario, hunted to its end. */
export interface ScenarioRun extends Experiment {
  name: string;
  findings: RestedFinding[];
  investigation: Investigation;
  /** How long a complete upload takes (ms), if that is known. */
  typical?: number;
}

/** What a hunt knows at its end. */
export interface Measured extends Hunted {
  target: Target;
  missing: Missing[];
  runs: readonly ScenarioRun[];
  /** How the target ended, if that is known. */
  exitReport?: string;
  /** The processes that could not be stopped, a sentence each. */
  leftovers?: readonly string[];
  /** Uploads before the first reading, to find the process behind a forwarder. */
  trialUploads: number;
  /** Other leakhunt processes that hunted the same target meanwhile. */
  otherHunts: readonly number[];
}
