import type { Interval, Verdict } from '../verdict.js';

/** Why a verdict is what it is. */
type LeakReason =
  /** Grows by more than the margin with every upload. */
  | 'growing'
  /** Grows by a whole number of things with every upload, 1.00 or 2.00. */
  | 'whole-number';

type FlatReason =
  /** Never changed. */
  | 'constant'
  /** Shown to grow by less than the margin. */
  | 'within-margin'
  /** Filled up, and has stopped growing since. */
  | 'filled'
  /** Shown to fall. */
  | 'falling';

export type InconclusiveReason =
  /** Too few readings to say anything. */
  | 'too-few-rounds'
  /** The interval is too wide to leave out either a leak or flatness. */
  | 'too-noisy'
  /** Grows, but ever more slowly, as a cache does. */
  | 'still-filling'
  /** Would be a leak, but after so few uploads, a ring, pool or label set that fills up looks the same. */
  | 'may-be-filling'
  /** Flat except for a rise too recent to be called the last. */
  | 'one-step'
  /** Flat on the whole, but its last third rises by more than the margin. */
  | 'rises-late'
  /** Rises between falls that take the growth back: the next fall may take the rest. */
  | 'sawtooth'
  /** Grows by just about the margin. */
  | 'near-margin';

export type Reason = LeakReason | FlatReason | InconclusiveReason;

export interface Judgement {
  verdict: Verdict;
  reason: Reason;
  /** Growth per upload, in the resource's unit. */
  perUpload: Interval;
  /** The confidence of each bound of `perUpload`: the growth is below `high`, or above `low`. */
  confidence: number;
  /** A cache that fills: its total rise, and after how many uploads it is 95% full. */
  plateau?: { rise: number; uploads: number };
  /** If inconclusive: about how many more uploads would decide. */
  moreUploads?: number;
  /** The fitted line for a chart: value = intercept + estimate * uploads, from `from` uploads on. */
  line?: { intercept: number; from: number };
}
