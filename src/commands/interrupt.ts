import type { Streams } from './streams.js';

/**
 * Hands `work` a signal that aborts at the first Ctrl-C or SIGTERM, so that it can end in good order. The
 * second one falls through to Node's own handling and ends the process at once.
 */
export async function untilInterrupted<Result>(
  streams: Pick<Streams, 'once' | 'off'>,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  streams.once('SIGINT', abort);
  streams.once('SIGTERM', abort);
  try {
    return await work(controller.signal);
  } finally {
    streams.off('SIGINT', abort);
    streams.off('SIGTERM', abort);
  }
}
