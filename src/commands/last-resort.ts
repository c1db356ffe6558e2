import { printError } from './print-error.js';
import { passed, passingIn } from './program/passing.js';
import type { Streams } from './program/streams.js';

/**
 * Ends the program where an error comes out of nowhere, which Node does with 1 and a stack trace. Nothing is known of
 * what it left half done, so nothing more is done but what an exit does: temp folders go, and the target ends.
 */
export function endOnBugs(streams: Pick<Streams, 'argv' | 'stderr' | 'on'>): void {
  const end = (error: unknown) => process.exit(passed(printError(error, streams), passingIn(streams.argv)));
  streams.on('uncaughtException', end);
  streams.on('unhandledRejection', end);
}
