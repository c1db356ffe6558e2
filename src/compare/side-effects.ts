import type { RoundRecord, ScenarioRecord } from '../record/record.js';
import { type Ratio, ratioOf } from './ratio.js';

/** Values for which there is no interval. */
export interface BeforeAfter {
  before: number;
  after: number;
}

/** What a change may cost or save besides the growth. Each is absent if a side does not know it. */
export interface SideEffects {
  /** Milliseconds: the median and the 99th percentile of each round. */
  latencyP50?: Ratio;
  latencyP99?: Ratio;
  uploadsPerSecond?: Ratio;
  /** Bytes allocated and freed again per upload. */
  churn?: BeforeAfter;
  /** Bytes at the peak. */
  peak?: BeforeAfter;
}

/**
 * The side effects of one scenario; each side was hunted once or more. A fixed rate says nothing of the
 * target's speed.
 */
export function sideEffectsOf(
  before: readonly ScenarioRecord[],
  after: readonly ScenarioRecord[],
): SideEffects {
  const ratio = (of: (round: RoundRecord) => number | undefined) =>
    ratioOf(
      roundsOf(before).flatMap(round => of(round) ?? []),
      roundsOf(after).flatMap(round => of(round) ?? []),
    );
  const both = (of: (part: ScenarioRecord) => number | undefined, join: (values: number[]) => number) => {
    const [a, b] = [before.flatMap(part => of(part) ?? []), after.flatMap(part => of(part) ?? [])];
    return a.length > 0 && b.length > 0 ? { before: join(a), after: join(b) } : undefined;
  };
  const paced = [...before, ...after].some(({ load }) => load.lateStarts !== undefined);
  return {
    latencyP50: ratio(({ latencyMs }) => latencyMs?.p50),
    latencyP99: ratio(({ latencyMs }) => latencyMs?.p99),
    uploadsPerSecond: paced ? undefined : ratio(({ completed, seconds }) => completed / seconds),
    churn: both(({ churn }) => churn?.perUpload, mean),
    peak: both(
      ({ peak }) => peak?.bytes,
      values => Math.max(...values),
    ),
  };
}

/** Warm-up rounds are as slow as they are for other reasons. */
function roundsOf(parts: readonly ScenarioRecord[]): RoundRecord[] {
  return parts.flatMap(({ rounds }) => rounds.filter(({ kind }) => kind === 'upload'));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
