import type { Body } from '../load/body.js';
import { latencyHistogram, latencyOf } from '../load/latency.js';
import type { RoundResult } from '../load/round.js';
import type { Round } from './experiment.js';
import type { Plan } from './plan.js';
import type { Hunt } from './record.js';

/** All rounds' uploads together. */
export function loadOf(plan: Plan, rounds: readonly Round[], body: Body): Hunt['load'] {
  const results = rounds.flatMap(({ result }) => result ?? []);
  const latency = latencyHistogram();
  for (const result of results) if (result.latency.count > 0) latency.add(result.latency);
  const sum = (of: (result: RoundResult) => number) =>
    results.reduce((total, result) => total + of(result), 0);
  const count = (kind: string) => rounds.filter(({ step, reading }) => step.kind === kind && reading).length;
  const completed = sum(result => result.completed);
  return {
    uploadsPerRound: plan.uploadsPerRound,
    concurrency: plan.concurrency,
    rounds: count('upload'),
    warmUpRounds: count('warm-up'),
    blankRounds: count('blank'),
    sent: sum(result => result.sent),
    completed,
    failed: sum(result => result.failed),
    statuses: tally(results.map(result => result.statuses)),
    errors: tally(results.map(result => result.errors)),
    firstFailure: results.find(result => result.firstFailure)?.firstFailure,
    bodyBytes: body.size,
    bytesSent: completed * body.size,
    seconds: sum(result => result.seconds),
    latencyMs: latencyOf(latency),
    fixture: plan.form?.length ? undefined : plan.fixture,
  };
}

function tally(counts: Record<string, number>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const [key, count] of counts.flatMap(Object.entries)) total[key] = (total[key] ?? 0) + count;
  return total;
}
