import { Command, CommanderError } from 'commander';
import { demoCommand } from './commands/demo.js';
import { fixturesCommand } from './commands/fixtures.js';
import { probeCommand } from './commands/probe.js';
import type { Streams } from './commands/streams.js';
import { uploadCommand } from './commands/upload.js';
import { LeakhuntError, messageOf } from './errors.js';
import { exitCodes } from './exit-codes.js';
import { plain } from './reports/plain.js';
import { version } from './version.js';

/** Runs the command line in `streams.argv`. The only place that sets the exit code. */
export async function run(streams: Streams): Promise<void> {
  const exit = (code: number) => {
    streams.exitCode = code;
  };
  try {
    await program(streams, exit).parseAsync(streams.argv);
  } catch (error) {
    exit(report(error, streams));
  }
}

function program(streams: Streams, exit: (code: number) => void): Command {
  const command = new Command('leakhunt')
    .description(
      'Reproduces a memory leak in a server by uploading to it, and measures the growth per upload.',
    )
    .version(version)
    .addCommand(uploadCommand(streams, exit))
    .addCommand(demoCommand(streams, exit))
    .addCommand(fixturesCommand(streams))
    .addCommand(probeCommand(streams));
  for (const each of [command, ...command.commands]) {
    each.exitOverride().configureOutput({
      writeOut: text => void streams.stdout.write(text),
      writeErr: text => void streams.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'leakhunt: ')),
    });
  }
  return command;
}

function report(error: unknown, { argv, stderr }: Streams): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.flat : exitCodes.usage;
  const known = error instanceof LeakhuntError;
  const message = known
    ? error.message
    : `A fault of leakhunt itself: ${messageOf(error)}. Please report it, with --debug.`;
  stderr.write(`leakhunt: ${plain(message)}\n`);
  if (argv.includes('--debug') && error instanceof Error) stderr.write(`${error.stack}\n`);
  return known ? error.exitCode : exitCodes.internal;
}
