import type { Reader } from '../probes/reader.js';
import type { Margins } from '../verdict/margins.js';

/** What a verdict takes of the plan. */
export interface JudgedPlan {
  margins: Margins;
  /** Growth per upload below which a resource is called flat, where the user has set no margin for it. */
  tolerances: Partial<Margins>;
  /** Growth of memory that no count supports is not called a leak before so many uploads. */
  minUploads: number;
  rounds: number | 'auto';
}

/** What it takes of what read the target. */
export type JudgedReader = Pick<Reader, 'processes' | 'heaps' | 'partlyRead' | 'collector' | 'sourceOf'>;
