import { Command, CommanderError } from 'commander';
import { secretsInWords } from './commands/history/repeat.js';
import { endOnBugs } from './commands/last-resort.js';
import { printError } from './commands/print-error.js';
import { passed, passingIn } from './commands/program/passing.js';
import { watchScreen } from './commands/program/screen.js';
import type { Returning, Streams } from './commands/program/streams.js';
import { addVerbs, withHelpLast } from './commands/verbs.js';
import { exitCodes } from './exit-codes.js';
import { Redactor } from './secrets/redactor.js';
import { version } from './version.js';

/** Runs the command line in `streams.argv`. The only place that sets the exit code. */
export async function run(streams: Streams): Promise<void> {
  const screen = watchScreen(streams);
  endOnBugs(streams);
  const verdict = await codeOf(streams);
  const lost = await screen.end();
  if (lost)
    streams.stderr.write(`leakhunt: Standard output cannot be written (${lost}): send it elsewhere.\n`);
  // If there is no verdict, printing was all there was to do.
  const code = verdict ?? (lost ? exitCodes.usage : exitCodes.flat);
  streams.exitCode = passed(code, passingIn(streams.argv));
}

/** The exit code of the command; undefined if it only prints. */
async function codeOf(streams: Streams): Promise<number | undefined> {
  let code: number | undefined;
  const returning: Returning =
    action =>
    async (...args) => {
      code = await action(...args);
    };
  try {
    await program(streams, returning).parseAsync(withHelpLast(streams.argv));
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) return printError(error, streams);
    return error.exitCode === 0 ? undefined : exitCodes.usage;
  }
}

function program(streams: Streams, returning: Returning): Command {
  const { text: hide } = new Redactor(secretsInWords(streams.argv.slice(2)));
  const command = new Command('leakhunt')
    .description(
      'Reproduces a memory leak in a server by uploading to it, and measures the growth per upload.',
    )
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: text => void streams.stdout.write(text),
      writeErr: text => void streams.stderr.write(text),
      outputError: (text, write) => write(hide(withoutValue(text.replace(/^error: /, 'leakhunt: ')))),
    });
  addVerbs(command, streams, returning);
  return command;
}

/** An unknown option may be a misspelt one, and its value a secret. */
function withoutValue(text: string): string {
  return text.replace(/(unknown option '[^'=]*=)[^\n]*/, `$1***'`);
}
