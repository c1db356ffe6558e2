import { resources } from '../probes/resources.js';
import type { IdleGrowth } from './idle.js';
import type { Judgement, Reason } from './judge/judge.js';
import type { Series } from './series.js';
import type { Verdict } from './verdict.js';

/** Reasons that only the rest of the hunt can give. */
export type ReasonInContext =
  /** Growth without uploads is too large, or too poorly known, to tell the uploads' growth from it. */
  | 'grows-when-idle'
  /** Memory of the process grows by far more than its heap. */
  | 'native'
  /** Memory of a process that collects garbage and whose heap was not read: it may be garbage. */
  | 'not-collected'
  /** Read from some of the target's processes only: it does not include what the others keep. */
  | 'partly-read'
  /** Most of the growth was gone after a rest without uploads. */
  | 'drains'
  /** The target was still at work on the uploads during the rest. */
  | 'backlog'
  /** Its probe stopped answering before it was decided. */
  | 'probe-lost';

/**
 * The finding for one resource. `suspect`: it grows, but proves nothing beside an exact heap that does not.
 */
export interface Finding extends Omit<Judgement, 'verdict' | 'reason'> {
  series: Series;
  margin: number;
  /** Growth per upload below which it is called flat, if that is not the margin. */
  tolerance?: number | undefined;
  verdict: Verdict | 'suspect';
  reason: Reason | ReasonInContext;
  /** Whether the overall verdict rests on it. */
  decisive: boolean;
  /** Growth without uploads, already subtracted from `perUpload`; absent if none was seen. */
  idle?: IdleGrowth;
  /**
   * A rest after the last upload: how long it was, and the value before and after it, in the resource's unit.
   */
  rest?: { seconds: number; before: number; after: number };
}

/**
 * A whole number of things per upload is clearer than bytes, which allocators round and profiles sample; and things are
 * clearer than the objects that they are made of.
 */
export function surestFirst(findings: readonly Finding[]): Finding[] {
  const clarity = ({ reason, series: { name, unit } }: Finding) =>
    reason === 'whole-number' && unit === 'count' ? (resources[name].counts ? 1 : 2) : 0;
  return findings.toSorted((a, b) => clarity(b) - clarity(a));
}
