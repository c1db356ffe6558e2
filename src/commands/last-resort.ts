import { printError } from './print-error.js';
import { passed, passingIn } from './program/passing.js';
import type { Streams } from './program/streams.js';

/**
 * Ends the program on an unexpected error, for which Node exits with 1 and a stack trace. What was left half
 * done is unknown, so nothing more is done than at any exit: temp folders are removed, and the target is
 * ended.
 */
export function endOnBugs(streams: Pick<Streams, 'argv' | 'stderr' | 'on'>): void {
  const end = (error: unknown) => process.exit(passed(printError(error, streams), passingIn(streams.argv)));
  streams.on('uncaughtException', end);
  streams.on('unhandledRejection', end);
}
