import { Command, CommanderError } from 'commander';
import { secretsInWords } from './commands/history/repeat.js';
import { endOnBugs } from './commands/last-resort.js';
import { printError } from './commands/print-error.js';
import { addHelp } from './commands/program/help.js';
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
    streams.stderr.write(
      `leakhunt: Standard output could not be written (${lost}): send it somewhere else.\n`,
    );
  // Where there is no verdict, what was to be printed is all there was to do.
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

const helpMore = [
  'Example:\n  leakhunt upload http://localhost:8000/upload -F file=@foo.pdf',
  'leakhunt <command> --help shows the options of a command.',
];

function program(streams: Streams, returning: Returning): Command {
  const { text: hide } = new Redactor(secretsInWords(streams.argv.slice(2)));
  const command = new Command('leakhunt')
    .description('Find memory leaks in a server: upload to it and measure the growth per upload.')
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .exitOverride()
    .configureOutput({
      writeOut: text => void streams.stdout.write(text),
      writeErr: text => void streams.stderr.write(text),
      getOutHelpWidth: () => streams.stdout.columns || 80,
      getErrHelpWidth: () => streams.stderr.columns || 80,
      outputError: (text, write) => write(hide(inOneSentence(withoutValue(text), command, streams.argv))),
    });
  addHelp(command, { more: helpMore });
  addVerbs(command, streams, returning);
  return command;
}

/** What commander says of a command line that it cannot read, with the next step. */
function inOneSentence(text: string, program: Command, argv: readonly string[]): string {
  const said = text.replace(/^error: /, 'leakhunt: ').replace(/\.?\n/, '\n');
  if (/Allowed choices are/.test(said)) return said;
  const guess = /\n\(Did you mean (.*)\?\)\n$/.exec(said);
  if (guess) return `${said.slice(0, guess.index)}: did you mean ${guess[1]}?\n`;
  const asked = program.commands.find(each => each.name() === argv[2]);
  const all = asked?.options.some(({ long }) => long === '--help-all') ? '--help-all' : '--help';
  return `${said.trimEnd()}: see ${['leakhunt', asked?.name(), all].filter(Boolean).join(' ')}.\n`;
}

/** An option that is not known may be a misspelt one, and its value a secret. */
function withoutValue(text: string): string {
  return text.replace(/(unknown option '[^'=]*=)[^\n]*/, `$1***'`);
}
