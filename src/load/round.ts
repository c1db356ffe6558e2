import type { RecordableHistogram } from 'node:perf_hooks';
import { type Outcome, UploadClient, type UploadRequest } from './client.js';
import { latencyHistogram } from './latency.js';
import { messagesOf } from './message.js';

/** A round's part in the experiment; `start` is the reading before the first upload. */
export type RoundKind = 'start' | 'warm-up' | 'upload' | 'blank';

/** What `n` uploads came to. `sent` is `completed` plus those that were not answered. */
export interface RoundResult {
  sent: number;
  /** Answered, whatever the status. */
  completed: number;
  /** Not answered, or answered with anything but 2xx. */
  failed: number;
  /** Answers by status: `{ "200": 100 }`. */
  statuses: Record<string, number>;
  /** Uploads without an answer, by error code: `{ "ECONNRESET": 1 }`. */
  errors: Record<string, number>;
  firstFailure?: Failure;
  seconds: number;
  latency: RecordableHistogram;
}

/** The first upload of a round that failed, in the server's or the system's own words. */
export interface Failure {
  status?: number;
  error?: string;
  text: string;
}

/** After this many unanswered uploads in a row the target is taken for dead and the round ends. */
const deadAfter = (concurrency: number) => Math.max(20, 3 * concurrency);

/**
 * Sends exactly `uploads` uploads, `concurrency` at a time, and closes its connections when the last one
 * is answered. Ends early when `signal` aborts (what is in flight is broken off) or when nothing answers any more.
 */
export async function runRound(
  request: UploadRequest,
  uploads: number,
  concurrency: number,
  signal?: AbortSignal,
  onUpload?: (done: number) => void,
): Promise<RoundResult> {
  const messageTo = messagesOf(request);
  const clients = Array.from(
    { length: Math.min(concurrency, uploads) },
    () => new UploadClient(request, messageTo),
  );
  const result: RoundResult = {
    sent: 0,
    completed: 0,
    failed: 0,
    statuses: {},
    errors: {},
    seconds: 0,
    latency: latencyHistogram(),
  };
  let unansweredInRow = 0;
  let done = 0;

  async function keepUploading(client: UploadClient) {
    while (result.sent < uploads && !signal?.aborted && unansweredInRow < deadAfter(concurrency)) {
      result.sent += 1;
      const start = performance.now();
      const outcome = await client.upload();
      unansweredInRow = 'error' in outcome ? unansweredInRow + 1 : 0;
      count(result, outcome, performance.now() - start);
      done += 1;
      onUpload?.(done);
    }
  }

  const closeAll = () => {
    for (const client of clients) client.close();
  };
  const checkTime = () => {
    for (const client of clients) client.checkTime(performance.now());
  };
  signal?.addEventListener('abort', closeAll, { once: true });
  const timer = setInterval(checkTime, Math.min(1000, request.maxTime * 100));
  const start = performance.now();
  try {
    await Promise.all(clients.map(keepUploading));
  } finally {
    result.seconds = (performance.now() - start) / 1000;
    clearInterval(timer);
    signal?.removeEventListener('abort', closeAll);
    closeAll();
  }
  return result;
}

function count(result: RoundResult, outcome: Outcome, ms: number): void {
  if ('error' in outcome) {
    result.failed += 1;
    result.errors[outcome.error] = (result.errors[outcome.error] ?? 0) + 1;
    result.firstFailure ??= { error: outcome.error, text: outcome.message };
    return;
  }
  result.completed += 1;
  result.statuses[outcome.status] = (result.statuses[outcome.status] ?? 0) + 1;
  result.latency.record(Math.max(1, Math.round(ms * 1000)));
  if (outcome.status < 200 || outcome.status > 299) {
    result.failed += 1;
    result.firstFailure ??= { status: outcome.status, text: outcome.firstLine ?? '' };
  }
}
