import { Worker } from 'node:worker_threads';
import { LeakhuntError } from '../../errors.js';
import { dialOptionsIn } from '../../net/dial-options.js';
import { packageFolder } from '../../package-folder.js';
import { shareBody } from '../body/shared-body.js';
import { merged, type RoundResult } from '../connections/result.js';
import { partOf, type Share } from '../connections/share.js';
import type { UploadRequest } from '../request.js';
import type { Order, Report, SharedRequest } from './worker-orders.js';

/** Threads that wait for the next round, without a connection. */
const idle: Worker[] = [];

/**
 * A round split over threads that each run the same engine on their share of the uploads and connections. A
 * thread pays off only if one core is the limit (tens of thousands of small uploads a second) and another is
 * free.
 */
export async function runOnWorkers(
  count: number,
  request: UploadRequest,
  whole: Share,
  signal?: AbortSignal,
  onUpload?: (done: number) => void,
): Promise<RoundResult> {
  const workers = Array.from({ length: count }, () => idle.pop() ?? startThread());
  const shared = sharedRequest(request, count);
  const done = new Array<number>(count).fill(0);
  const abort = () => {
    for (const worker of workers) order(worker, { type: 'abort' });
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const rounds = workers.map((worker, place) => {
      order(worker, { type: 'round', request: shared, share: partOf(whole, count, place) });
      return resultFrom(worker, now => {
        done[place] = now;
        onUpload?.(done.reduce((sum, each) => sum + each, 0));
      });
    });
    if (signal?.aborted) abort();
    const results = await Promise.all(rounds);
    idle.push(...workers);
    const busiest = results.map(({ effort }) => effort!).sort((a, b) => b.busy - a.busy)[0];
    return { ...merged(results), effort: busiest };
  } catch (error) {
    await Promise.all(workers.map(worker => worker.terminate()));
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

/** Ends the waiting threads; called at the end of a hunt. */
export async function closeWorkers(): Promise<void> {
  await Promise.all(idle.splice(0).map(worker => worker.terminate()));
}

/** Only what a thread needs, as data: a hunt's request may contain more. */
function sharedRequest(request: UploadRequest, count: number): SharedRequest {
  const { url, method, headers, body, maxTime, location, cookieEngine, keepAlive } = request;
  const { thinkTime, duration, timeLeft, scenario, typical, expected, trial } = request;
  return {
    ...dialOptionsIn(request),
    ...{ url: url.href, method, headers, body: shareBody(body), maxTime, location, cookieEngine, keepAlive },
    ...{ thinkTime, duration, timeLeft, scenario, typical, expected, trial },
    rate: request.rate === undefined ? undefined : request.rate / count,
  };
}

/** Keeps the process alive only while a round is under way. */
function resultFrom(worker: Worker, onProgress: (done: number) => void): Promise<RoundResult> {
  worker.ref();
  return new Promise<RoundResult>((resolve, reject) => {
    const finish = () => {
      worker.off('message', onReport).off('error', onError).off('exit', onExit);
      worker.unref();
    };
    const onReport = (report: Report) => {
      if (report.type === 'progress') {
        onProgress(report.done);
        return;
      }
      finish();
      if (report.type === 'failed') reject(errorOf(report));
      else {
        onProgress(report.result.completed + totalOf(report.result.errors));
        resolve(report.result);
      }
    };
    const onError = (error: Error) => {
      finish();
      reject(error);
    };
    const onExit = (code: number) => onError(new Error(`an upload thread exited with ${code}`));
    worker.on('message', onReport).on('error', onError).on('exit', onExit);
  });
}

function totalOf(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, each) => sum + each, 0);
}

function order(worker: Worker, what: Order): void {
  worker.postMessage(what);
}

function errorOf({ message, code, exitCode }: Report & { type: 'failed' }): Error {
  if (code === undefined || exitCode === undefined) return new Error(message);
  return new LeakhuntError(code, message, exitCode);
}

/**
 * Starts a thread of `worker.ts`: the built file, or through tsx if the sources themselves run, as in tests.
 */
export function startThread(): Worker {
  const here = import.meta.url;
  if (here.endsWith('.js')) return new Worker(new URL('dist/upload-thread.js', packageFolder));
  const tsx = import.meta.resolve('tsx/esm/api');
  const entry = new URL('./worker.ts', here).href;
  const script = `import('${tsx}').then(({ register }) => { register(); return import('${entry}'); })`;
  return new Worker(script, { eval: true });
}
