import type { Interval } from '../../verdict/verdict.js';

/** Whether growth was measured: JSON has no NaN and no infinity, and a record can be damaged. */
export function isKnown({ perUpload: { estimate, low, high } }: { perUpload: Interval }): boolean {
  return [estimate, low, high].every(Number.isFinite);
}
