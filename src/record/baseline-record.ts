import type { ResourceName } from '../probes/resources.js';
import type { Unit } from '../units.js';
import type { Interval } from '../verdict/verdict.js';

/** A leak beside what the baseline says of the same resource. */
export interface BaselineLeak {
  scenario: string;
  resource: ResourceName;
  unit: Unit;
  margin: number;
  /** As it is now. */
  perUpload: Interval;
  /** As it was; absent where the baseline has not read it. */
  before?: Interval;
  /** Now minus then, growth below zero counted as none. */
  difference?: Interval;
}

/** The leaks of a hunt, told apart by an earlier record of the same target. */
export interface BaselineRecord {
  /** The file, as it was named. */
  path?: string;
  /** When the baseline was hunted: ISO 8601, UTC. */
  startedAt: string;
  /** In the baseline, too, and not shown to have grown by more than the margin. */
  known: BaselineLeak[];
  /** Not in the baseline. */
  new: BaselineLeak[];
  /** In the baseline, and shown to have grown by more than the margin. */
  grown: BaselineLeak[];
  /** Resources that could not be decided, nor shown to be no worse than in the baseline. */
  undecided: { scenario: string; resource: ResourceName }[];
}
