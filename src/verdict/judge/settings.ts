import type { Judgement } from './judgement.js';

export interface JudgeSettings {
  margin: number;
  /**
   * Growth per upload below which a series is called flat, and above which it is too well proven for that.
   */
  flatBelow: number;
  provenAbove: number;
  looks: number;
  resources: number;
  minUploads: number;
  resolution?: number | undefined;
}

/** Either bound of a reported interval is missed at most once in forty. */
export const reportedTail = 0.025;

/** For a view that was chosen because it decides, less often. */
export const chosenTail = 0.005;

/** For a ring that happened to become full just in the last readings before a look, more often. */
export const ringTail = 0.05;

/** Fewer readings than this have no shape. */
export const fewestReadings = 5;

/** Fewer readings than this show steady growth only if it is a small whole number, or exact. */
export const fewestForNoisyLeak = 12;

/**
 * The chance at each look at each resource of calling growth at just the margin a leak; over a hunt they add
 * up to at most a tenth (Bonferroni). If nothing grows, it is far less: bench/calibration measures it.
 */
export function leakTail({ looks, resources }: JudgeSettings): number {
  return Math.min(0.1 / Math.max(1, looks) / Math.max(1, resources), chosenTail);
}

/** The chance in a hunt of calling growth at just the margin flat, shared among its looks. */
export function flatTail({ looks }: JudgeSettings): number {
  return Math.min(reportedTail / Math.max(1, looks), chosenTail);
}

/** Keeps a judgement's numbers finite and its bounds in order. */
export function bounded(low: number, estimate: number, high: number): Judgement['perUpload'] {
  const middle = finite(estimate);
  return {
    estimate: middle,
    low: Math.min(finite(low), middle),
    high: Math.max(finite(high), middle),
  };
}

export function finite(value: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);
}
