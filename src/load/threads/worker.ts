import { parentPort } from 'node:worker_threads';
import { LeakhuntError, messageOf } from '../../errors.js';
import { bodyOfShared } from '../body/shared-body.js';
import { runConnections } from '../connections/connections.js';
import { watchSelf } from '../connections/self-usage.js';
import type { UploadRequest } from '../request.js';
import type { Order, Report, SharedRequest } from './worker-orders.js';

/** A thread that uploads its share of each round, and holds no connection between rounds. */
const tell = (report: Report) => parentPort!.postMessage(report);
/** How often it reports its progress (ms). */
const progressEvery = 50;
let broken = new AbortController();

parentPort!.on('message', (order: Order) => {
  if (order.type === 'abort') broken.abort();
  else void round(order);
});

async function round({ request, share }: Order & { type: 'round' }): Promise<void> {
  broken = new AbortController();
  let done = 0;
  const timer = setInterval(() => tell({ type: 'progress', done }), progressEvery);
  const effort = watchSelf();
  try {
    const result = await runConnections(requestOf(request), share, broken.signal, now => {
      done = now;
    });
    tell({ type: 'result', result: { ...result, effort: effort() } });
  } catch (error) {
    effort();
    const { code, exitCode } = error instanceof LeakhuntError ? error : {};
    tell({ type: 'failed', message: messageOf(error), code, exitCode });
  } finally {
    clearInterval(timer);
  }
}

function requestOf(shared: SharedRequest): UploadRequest {
  return { ...shared, url: new URL(shared.url), body: bodyOfShared(shared.body) };
}
