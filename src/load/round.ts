import { runConnections } from './connections/connections.js';
import type { RoundResult } from './connections/result.js';
import { watchSelf } from './connections/self-usage.js';
import type { UploadRequest } from './request.js';
import { runOnWorkers } from './threads/workers.js';

export type { FailureCount, FirstAnswer, RoundResult } from './connections/result.js';

/**
 * A round's purpose in the experiment; `start` is the reading before the first upload, `rest` the wait before
 * a leak is called, and `snapshot` comes after the last.
 */
export type RoundKind = 'start' | 'warm-up' | 'upload' | 'blank' | 'rest' | 'snapshot';

/** How many uploads were begun with a body: no two uploads of a hunt have the same number. */
const serials = new WeakMap<object, number>();

/**
 * Sends exactly `uploads` uploads or, with a given duration, as many as fit into it, `concurrency` at a time,
 * and closes its connections when the last one is answered. Ends early when `signal` aborts (uploads in
 * flight are broken off) or when nothing answers any more.
 */
export async function runRound(
  request: UploadRequest,
  uploads: number,
  concurrency: number,
  signal?: AbortSignal,
  onUpload?: (done: number) => void,
): Promise<RoundResult> {
  const serial = serials.get(request.body) ?? 0;
  const most = request.duration === undefined ? uploads : Number.POSITIVE_INFINITY;
  const whole = { uploads: most, concurrency, serial, step: 1 };
  const workers = Math.min(request.workers ?? 1, concurrency, most);
  const effort = watchSelf();
  let result: RoundResult | undefined;
  try {
    result = await (workers > 1
      ? runOnWorkers(workers, request, whole, signal, onUpload)
      : runConnections(request, whole, signal, onUpload));
  } finally {
    const own = effort();
    if (result) {
      result.effort = { ...own, busy: result.effort?.busy ?? own.busy };
      // A thread numbers its uploads in steps: the numbers in use may exceed their count.
      serials.set(request.body, serial + workers * result.sent);
    }
  }
  return result;
}
