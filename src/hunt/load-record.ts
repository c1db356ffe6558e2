import { addUploads, emptyResult, type RoundResult } from '../load/connections/result.js';
import { latencyOf } from '../load/latency.js';
import type { UploadRequest } from '../load/request.js';
import type { RoundKind } from '../load/round.js';
import type { ScenarioRecord } from '../record/record.js';
import type { Plan } from './plan.js';
import type { Round } from './rounds.js';

/** All rounds' uploads together. */
export interface Totals {
  uploads: RoundResult;
  bytesSent: number;
  /** Rounds with uploads. */
  rounds: number;
  /** The rounds that were read, by their purpose. */
  read: Partial<Record<RoundKind, number>>;
}

export function noTotals(): Totals {
  return { uploads: emptyResult(), bytesSent: 0, rounds: 0, read: {} };
}

/** Adds a round in place: a histogram of latencies takes a lot of memory. */
export function addRound(totals: Totals, { step, result, request, reading }: Round): void {
  if (reading) totals.read[step.kind] = (totals.read[step.kind] ?? 0) + 1;
  if (!result) return;
  addUploads(totals.uploads, result);
  totals.uploads.seconds += result.seconds;
  // For uploads that end on the way, this is what they would have sent in all.
  totals.bytesSent += result.completed * (request?.body.size ?? 0);
  totals.rounds += 1;
}

export function totalsOf(rounds: readonly Round[]): Totals {
  const totals = noTotals();
  for (const round of rounds) addRound(totals, round);
  return totals;
}

/** The load of a scenario as the record shows it. */
export function loadOf(
  plan: Plan,
  { uploads, bytesSent, rounds, read }: Totals,
  requests: readonly UploadRequest[],
): ScenarioRecord['load'] {
  const { sent, completed, failed, resent, lateStarts, missedStarts, seconds, endings } = uploads;
  return {
    // A round of a fixed duration has no fixed number of uploads.
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
    statuses: { ...uploads.statuses },
    errors: { ...uploads.errors },
    firstFailure: uploads.firstFailure,
    firstAnswer: uploads.firstAnswer,
    endings: plan.scenarios.length > 1 || Object.keys(endings).length > 0 ? { ...endings } : undefined,
    bodyBytes: requests[0]!.body.size,
    sizes: plan.sizes,
    bytesSent,
    seconds,
    latencyMs: latencyOf(uploads.latency),
    fixture: plan.form?.length ? undefined : plan.fixture,
  };
}
