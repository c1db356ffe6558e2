import { LeakhuntError, messageOf } from '../errors.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { plain } from '../reports/text/plain.js';
import { Redactor } from '../secrets/redactor.js';
import { secretsInWords } from './history/repeat.js';
import type { Streams } from './program/streams.js';

/** Prints an error in one sentence, with the stack if `--debug` asks for it; returns its exit code. */
export function printError(error: unknown, { argv, stderr }: Pick<Streams, 'argv' | 'stderr'>): ExitCode {
  const known = error instanceof LeakhuntError;
  const message = known
    ? error.message
    : `This is a bug in leakhunt: ${messageOf(error)}. Please report it with the output of --debug.`;
  const { text: hide } = new Redactor(secretsInWords(argv.slice(2)));
  stderr.write(`leakhunt: ${plain(hide(message))}\n`);
  if (argv.includes('--debug') && error instanceof Error) stderr.write(`${hide(error.stack ?? '')}\n`);
  return known ? error.exitCode : exitCodes.internal;
}
