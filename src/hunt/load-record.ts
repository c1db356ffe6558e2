import type { UploadRequest } from '../load/client.js';
import { latencyHistogram, latencyOf } from '../load/latency.js';
import type { RoundResult } from '../load/round.js';
import type { Plan } from './plan.js';
import type { ScenarioRecord } from './record.js';
import type { Round } from './rounds.js';

/** All rounds' uploads together. */
export function loadOf(
  plan: Plan,
  rounds: readonly Round[],
  requests: readonly UploadRequest[],
): ScenarioRecord['load'] {
  const results = rounds.flatMap(({ result }) => result ?? []);
  const latency = latencyHistogram();
  for (const result of results) if (result.latency.count > 0) latency.add(result.latency);
  const sum = (of: (result: RoundResult) => number) =>
    results.reduce((total, result) => total + of(result), 0);
  const count = (kind: string) => rounds.filter(({ step, reading }) => step.kind === kind && reading).length;
  const endings = tally(results.map(result => result.endings));
  return {
    // A round of a given duration has no number of its own.
    uploadsPerRound:
      plan.duration === undefined || results.length === 0
        ? plan.uploadsPerRound
        : Math.round(sum(result => result.sent) / results.length),
    concurrency: plan.concurrency,
    rounds: count('upload'),
    warmUpRounds: count('warm-up'),
    blankRounds: count('blank'),
    sent: sum(result => result.sent),
    completed: sum(result => result.completed),
    failed: sum(result => result.failed),
    resent: sum(result => result.resent),
    lateStarts: plan.rate === undefined ? undefined : sum(result => result.lateStarts),
    missedStarts:
      plan.rate === undefined || plan.duration === undefined ? undefined : sum(result => result.missedStarts),
    statuses: tally(results.map(result => result.statuses)),
    errors: tally(results.map(result => result.errors)),
    firstFailure: results.find(result => result.firstFailure)?.firstFailure,
    firstAnswer: results.find(result => result.firstAnswer)?.firstAnswer,
    endings: plan.scenarios.length > 1 || Object.keys(endings).length > 0 ? endings : undefined,
    bodyBytes: requests[0]!.body.size,
    sizes: plan.sizes,
    bytesSent: rounds.reduce((sum, { result, request }) => sum + bytesOf(result, request), 0),
    seconds: sum(result => result.seconds),
    latencyMs: latencyOf(latency),
    fixture: plan.form?.length ? undefined : plan.fixture,
  };
}

/** Of uploads that end on the way it is what they would have sent in all. */
function bytesOf(result?: RoundResult, request?: UploadRequest): number {
  return (result?.completed ?? 0) * (request?.body.size ?? 0);
}

function tally(counts: Partial<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const [key, count] of counts.flatMap(each => Object.entries(each) as [string, number][]))
    total[key] = (total[key] ?? 0) + count;
  return total;
}
