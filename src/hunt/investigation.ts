import type { Culprit } from '../record/record.js';
import type { ChurnSite } from '../verdict/culprits/churn-sites.js';
import type { Explained } from '../verdict/culprits/culprits.js';

/** The culprits. */
export interface Investigation {
  culprits: Culprit[];
  explained: Explained[];
  churn: ChurnSite[];
}
