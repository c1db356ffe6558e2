import type { UploadRequest } from '../load/client.js';
import { latencyOf } from '../load/latency.js';
import type { RoundKind } from '../load/round.js';
import { emptyResult, merged, type RoundResult } from '../load/round-result.js';
import type { Plan } from './plan.js';
import type { ScenarioRecord } from './record.js';
import type { Round } from './rounds.js';

/** All rounds' uploads together, round by round. */
export interface Totals {
  /** Undefined before the first upload. */
  result?: RoundResult;
  seconds: number;
  bytesSent: number;
  /** Rounds with uploads. */
  rounds: number;
  /** Rounds that were read, by what they were for. */
  read: Partial<Record<RoundKind, number>>;
}

export function noTotals(): Totals {
  return { seconds: 0, bytesSent: 0, rounds: 0, read: {} };
}

export function addRound(totals: Totals, { step, result, request, reading }: Round): Totals {
  const read = reading ? { ...totals.read, [step.kind]: (totals.read[step.kind] ?? 0) + 1 } : totals.read;
  if (!result) return { ...totals, read };
  return {
    result: merged(totals.result ? [totals.result, result] : [result]),
    seconds: totals.seconds + result.seconds,
    // Of uploads that end on the way it is what they would have sent in all.
    bytesSent: totals.bytesSent + result.completed * (request?.body.size ?? 0),
    rounds: totals.rounds + 1,
    read,
  };
}

/** The load of a scenario as the record shows it. */
export function loadOf(
  plan: Plan,
  { result = emptyResult(), seconds, bytesSent, rounds, read }: Totals,
  requests: readonly UploadRequest[],
): ScenarioRecord['load'] {
  const { sent, completed, failed, resent, lateStarts, missedStarts, statuses, errors, endings } = result;
  return {
    // A round of a given duration has no number of its own.
    uploadsPerRound:
      plan.duration === undefined || rounds === 0 ? plan.uploadsPerRound : Math.round(sent / rounds),
    concurrency: plan.concurrency,
    rounds: read.upload ?? 0,
    warmUpRounds: read['warm-up'] ?? 0,
    blankRounds: read.blank ?? 0,
    sent,
    completed,
    failed,
    resent,
    lateStarts: plan.rate === undefined ? undefined : lateStarts,
    missedStarts: plan.rate === undefined || plan.duration === undefined ? undefined : missedStarts,
    statuses,
    errors,
    firstFailure: result.firstFailure,
    firstAnswer: result.firstAnswer,
    endings: plan.scenarios.length > 1 || Object.keys(endings).length > 0 ? endings : undefined,
    bodyBytes: requests[0]!.body.size,
    sizes: plan.sizes,
    bytesSent,
    seconds,
    latencyMs: latencyOf(result.latency),
    fixture: plan.form?.length ? undefined : plan.fixture,
  };
}
