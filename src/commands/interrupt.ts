import { exitCodes } from '../exit-codes.js';
import type { Streams } from './streams.js';

/**
 * Hands `work` a signal that aborts at the first Ctrl-C or SIGTERM, so that it can end in good order. The
 * second one ends the process at once, but for what must be cleaned up on exit.
 */
export async function untilInterrupted<Result>(
  streams: Pick<Streams, 'on' | 'off'>,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const abort = () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
  };
  streams.on('SIGINT', abort);
  streams.on('SIGTERM', abort);
  try {
    return await work(controller.signal);
  } finally {
    streams.off('SIGINT', abort);
    streams.off('SIGTERM', abort);
  }
}
