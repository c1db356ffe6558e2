import type { Reader } from '../probes/reader.js';
import type { Margins } from '../verdict/margins.js';

/** The part of the plan that a verdict needs. */
export interface JudgedPlan {
  margins: Margins;
  /** Growth per upload below which a resource is called flat, if the user has set no margin for it. */
  tolerances: Partial<Margins>;
  /** Growth of memory that no count supports is not called a leak before this many uploads. */
  minUploads: number;
  rounds: number | 'auto';
}

/** The part of the reader that a verdict needs. */
export type JudgedReader = Pick<Reader, 'processes' | 'heaps' | 'partlyRead' | 'collector' | 'sourceOf'>;
