import type { ResourceName } from '../probes/resources.js';
import type { Unit } from '../units.js';
import type { Interval } from '../verdict/verdict.js';

/** A leak, compared with the same resource in the baseline. */
export interface BaselineLeak {
  scenario: string;
  resource: ResourceName;
  unit: Unit;
  margin: number;
  /** The current growth. */
  perUpload: Interval;
  /** The growth then; absent if the baseline has not read the resource. */
  before?: Interval;
  /** Now minus then; growth below zero counts as none. */
  difference?: Interval;
}

/** The leaks of a hunt, compared with an earlier record of the same target. */
export interface BaselineRecord {
  /** The file, as the user named it. */
  path?: string;
  /** When the baseline was hunted: ISO 8601, UTC. */
  startedAt: string;
  /** Leaks that are in the baseline, too, and not shown to have grown by more than the margin. */
  known: BaselineLeak[];
  /** Leaks that are not in the baseline. */
  new: BaselineLeak[];
  /** Leaks that are in the baseline, and shown to have grown by more than the margin. */
  grown: BaselineLeak[];
  /** Resources that could be neither decided nor shown to be no worse than in the baseline. */
  undecided: { scenario: string; resource: ResourceName }[];
}
