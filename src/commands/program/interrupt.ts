import { closeSync, openSync } from 'node:fs';
import { exitCodes } from '../../exit-codes.js';
import type { Interruption, Streams } from './streams.js';

/**
 * Several signals within this time (ms) count as one: a terminal sends Ctrl-C to all of its programs, and npm
 * passes on the one it gets itself.
 */
const oneKey = 500;

const interruptions: Interruption[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Passes `work` a signal that aborts at the first Ctrl-C, SIGTERM or SIGHUP, so that it can end in good
 * order. A second one ends the process at once, except for what must be cleaned up on exit.
 */
export async function untilInterrupted<Result>(
  streams: Pick<Streams, 'on' | 'off'>,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  let first = Number.NEGATIVE_INFINITY;
  const abort = () => {
    const now = performance.now();
    if (now - first < oneKey) return;
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    first = now;
    controller.abort();
  };
  const hangUp = () => process.once('exit', leaveTerminal);
  streams.on('SIGHUP', hangUp);
  for (const signal of interruptions) streams.on(signal, abort);
  try {
    return await work(controller.signal);
  } finally {
    streams.off('SIGHUP', hangUp);
    for (const signal of interruptions) streams.off(signal, abort);
  }
}

/**
 * Lets go of a terminal that is gone. When Node ends, it restores the terminal's settings, and aborts if that
 * fails (`ResetStdio` in src/node.cc); it leaves descriptors alone that lead elsewhere by then.
 */
export function leaveTerminal(): void {
  for (const fd of [0, 1, 2]) {
    try {
      closeSync(fd);
      openSync('/dev/null', 'r+');
    } catch {
      // It was not open: there is nothing to restore.
    }
  }
}
