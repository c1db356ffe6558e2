import { Command, CommanderError } from 'commander';
import { bisectCode } from './commands/bisect.js';
import { compareCommand } from './commands/compare/compare.js';
import { completionCommand } from './commands/completion/completion.js';
import { curlCommand } from './commands/curl/command.js';
import { demoCommand } from './commands/demo.js';
import { fixturesCommand } from './commands/fixtures.js';
import { initCommand } from './commands/init.js';
import { probeCommand } from './commands/probe.js';
import { secretsInWords } from './commands/records/repeat.js';
import { reportCommand } from './commands/report.js';
import { runCommand } from './commands/run.js';
import type { Streams } from './commands/streams.js';
import { tellError } from './commands/tell-error.js';
import { uploadCommand } from './commands/upload-command.js';
import { exitCodes } from './exit-codes.js';
import { Redactor } from './secrets/redactor.js';
import { version } from './version.js';

/** Runs the command line in `streams.argv`. The only place that sets the exit code. */
export async function run(streams: Streams): Promise<void> {
  const exit = (code: number) => {
    streams.exitCode = streams.argv.includes('--bisect') ? bisectCode(code) : code;
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
    .addCommand(runCommand(streams, exit))
    .addCommand(curlCommand(streams, exit))
    .addCommand(compareCommand(streams, exit))
    .addCommand(demoCommand(streams, exit))
    .addCommand(fixturesCommand(streams))
    .addCommand(probeCommand(streams))
    .addCommand(initCommand(streams))
    .addCommand(reportCommand(streams, exit))
    .addCommand(completionCommand(streams));
  const { text: hide } = new Redactor(secretsInWords(streams.argv.slice(2)));
  for (const each of [command, ...command.commands]) {
    each.exitOverride().configureOutput({
      writeOut: text => void streams.stdout.write(text),
      writeErr: text => void streams.stderr.write(text),
      outputError: (text, write) => write(hide(withoutValue(text.replace(/^error: /, 'leakhunt: ')))),
    });
  }
  return command;
}

function report(error: unknown, streams: Streams): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.flat : exitCodes.usage;
  return tellError(error, streams);
}

/** An option that is not known may be a misspelt one, and its value a secret. */
function withoutValue(text: string): string {
  return text.replace(/(unknown option '[^'=]*=)[^\n]*/, `$1***'`);
}
