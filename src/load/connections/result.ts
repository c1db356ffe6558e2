import type { RecordableHistogram } from 'node:perf_hooks';
import { shortfall } from '../http/expected.js';
import type { Outcome } from '../http/outcome.js';
import type { Response } from '../http/response.js';
import { latencyHistogram } from '../latency.js';
import type { UploadRequest } from '../request.js';
import type { Scenario } from '../scenario.js';
import { type Ending, isExpected, scenarioOutcome, surprise } from '../scenarios/outcome.js';
import type { SelfUsage } from './self-usage.js';

/** The results of a round's uploads. `sent` is `completed` plus those that were not answered. */
export interface RoundResult {
  sent: number;
  /** Answered, whatever the status, or ended as the scenario intends. */
  completed: number;
  /** Not answered, or answered with neither 2xx nor what the user expects. */
  failed: number;
  /** Sent again on a fresh connection, because the server closed the kept one before a byte of an answer. */
  resent: number;
  /** With a given rate: uploads that were due before a connection was free for them. */
  lateStarts: number;
  /**
   * With a given rate and duration: uploads that were due before its end and found no free connection in
   * time.
   */
  missedStarts: number;
  /** Answers by status: `{ "200": 100 }`. */
  statuses: Record<string, number>;
  /** Uploads that ended without an answer as their scenario intends: `{ "aborted": 100 }`. */
  endings: Partial<Record<Ending, number>>;
  /** Uploads without an answer, by error code: `{ "ECONNRESET": 1 }`. */
  errors: Record<string, number>;
  firstFailure?: FailureCount;
  firstAnswer?: FirstAnswer;
  seconds: number;
  latency: RecordableHistogram;
  /** What the uploads cost leakhunt's own process. */
  effort?: SelfUsage;
}

/** The first upload of a round that failed, in the server's or the system's own words. */
export interface FailureCount {
  status?: number;
  error?: string;
  text: string;
  /** If only the user's own expectation makes it a failure: `answers without "ok":true`. */
  reason?: string;
  /** Where a redirect leads. */
  location?: string;
}

/** The first response of a round, whatever it is. */
export interface FirstAnswer {
  status: number;
  /** Where a redirect leads. */
  location?: string;
  /** The first line of its body; absent if there is none. */
  text?: string;
}

const complete: Scenario = { kind: 'complete' };

export function emptyResult(): RoundResult {
  return {
    sent: 0,
    completed: 0,
    failed: 0,
    resent: 0,
    lateStarts: 0,
    missedStarts: 0,
    statuses: {},
    endings: {},
    errors: {},
    seconds: 0,
    latency: latencyHistogram(),
  };
}

/** Counts one upload; an end that a scenario intends is no failure of its uploads. */
export function count(
  result: RoundResult,
  outcome: Outcome,
  ms: number,
  { scenario, expected }: Pick<UploadRequest, 'scenario' | 'expected'>,
): void {
  const seen = scenario ? scenarioOutcome(outcome) : outcome;
  const failed = !isExpected(scenario ?? complete, seen, expected);
  if (failed) result.failed += 1;
  if ('ended' in seen) {
    result.completed += 1;
    result.endings[seen.ended] = (result.endings[seen.ended] ?? 0) + 1;
    if (failed) result.firstFailure ??= { error: seen.ended, text: textOf(outcome) };
  } else if ('error' in seen) {
    result.errors[seen.error] = (result.errors[seen.error] ?? 0) + 1;
    result.firstFailure ??= { error: seen.error, text: seen.message };
  } else {
    result.completed += 1;
    result.statuses[seen.status] = (result.statuses[seen.status] ?? 0) + 1;
    result.latency.record(Math.max(1, Math.round(ms * 1000)));
    result.firstAnswer ??= firstAnswerOf(seen);
    if (failed) {
      const text = (scenario && surprise(scenario, seen)) ?? seen.firstLine ?? '';
      result.firstFailure ??= {
        status: seen.status,
        text,
        location: seen.location,
        reason: expected && isComplete(scenario) ? shortfall(seen, expected) : undefined,
      };
    }
  }
}

function isComplete(scenario: Scenario = complete): boolean {
  return scenario.kind === 'complete';
}

function firstAnswerOf({ status, location, firstLine }: Response): FirstAnswer {
  return { status, location, text: firstLine === '' ? undefined : firstLine };
}

/** Whether an upload had no result that shows the target to be alive. */
export function isUnanswered(outcome: Outcome): boolean {
  return 'error' in outcome && 'error' in scenarioOutcome(outcome);
}

function textOf(outcome: Outcome): string {
  return 'message' in outcome ? outcome.message : '';
}

/** The results of several threads as one. */
export function merged(results: readonly RoundResult[]): RoundResult {
  const whole = emptyResult();
  for (const each of results) {
    addUploads(whole, each);
    whole.seconds = Math.max(whole.seconds, each.seconds);
  }
  return whole;
}

/**
 * Adds the results of other uploads. The caller adds the seconds, since it knows whether they ran in
 * parallel.
 */
export function addUploads(whole: RoundResult, more: RoundResult): void {
  for (const name of ['sent', 'completed', 'failed', 'resent', 'lateStarts', 'missedStarts'] as const) {
    whole[name] += more[name];
  }
  for (const name of ['statuses', 'endings', 'errors'] as const) {
    const counts: Record<string, number> = whole[name];
    for (const [key, times] of Object.entries(more[name])) counts[key] = (counts[key] ?? 0) + times;
  }
  whole.firstFailure ??= more.firstFailure;
  whole.firstAnswer ??= more.firstAnswer;
  if (more.latency.count > 0) whole.latency.add(more.latency);
}
