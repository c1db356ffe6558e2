/** One moment of a series: the value of a resource after so many uploads had completed. */
export interface Point {
  /** Uploads completed so far. */
  uploads: number;
  /** The resource's value, in the resource's own unit. */
  value: number;
}

export type Verdict = 'leak' | 'flat' | 'inconclusive';

/** A two-sided interval of confidence around an estimate; `low <= estimate <= high`. */
export interface Interval {
  estimate: number;
  low: number;
  high: number;
}
