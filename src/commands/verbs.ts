import type { Command } from 'commander';
import { codeOf, LeakhuntError, messageOf } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import { addHelp } from './program/help.js';
import type { Returning, Streams } from './program/streams.js';

interface VerbModule {
  description: string;
  /** Loads the module that adds the command's operands, flags and action. */
  load(): Promise<(command: Command, streams: Streams, returning: Returning) => void>;
}

/** Every verb, in the order of the help. Only the requested one is loaded: it brings most of the program. */
const verbs: Record<string, VerbModule> = {
  upload: {
    description: 'upload in rounds and measure what each upload leaves behind',
    load: async () => (await import('./upload/command.js')).uploadCommand,
  },
  curl: {
    description: 'do the same with a curl command that you paste after --',
    load: async () => (await import('./curl.js')).curlCommand,
  },
  demo: {
    description: 'hunt a built-in server that leaks, then the same server fixed',
    load: async () => (await import('./demo.js')).demoCommand,
  },
  probe: {
    description: 'show what can be measured of a target, without uploading',
    load: async () => (await import('./probe.js')).probeCommand,
  },
  compare: {
    description: 'compare two hunts, e.g. before and after a change',
    load: async () => (await import('./compare/compare.js')).compareCommand,
  },
  report: {
    description: 'show a saved hunt again, in any format',
    load: async () => (await import('./report.js')).reportCommand,
  },
  init: {
    description: 'write a configuration file for a target',
    load: async () => (await import('./init/init.js')).initCommand,
  },
  run: {
    description: 'run the hunts of the configuration file one after another',
    load: async () => (await import('./run/run.js')).runCommand,
  },
  fixtures: {
    description: 'write the files that upload would generate to a folder',
    load: async () => (await import('./fixtures.js')).fixturesCommand,
  },
  completion: {
    description: 'print the completion script for bash, zsh or fish',
    load: async () => (await import('./completion/completion.js')).completionCommand,
  },
};

/** Gives the program its verbs. */
export function addVerbs(program: Command, streams: Streams, returning: Returning): void {
  for (const [name, { description }] of Object.entries(verbs)) program.command(name).description(description);
  program.hook('preSubcommand', async (_, asked) => {
    // A shell completes the flags of all of them.
    const needed = asked.name() === 'completion' ? program.commands : [asked];
    for (const command of needed) {
      const define = await verbs[command.name()]!.load().catch(unloadable);
      addHelp(command);
      define(command, streams, returning);
    }
  });
}

/** Turns `help upload` into `upload --help`: for the former, commander shows a command that is not loaded. */
export function withHelpLast(argv: string[]): string[] {
  const [node, program, first, verb] = argv;
  return first === 'help' && Object.hasOwn(verbs, verb ?? '') ? [node!, program!, verb!, '--help'] : argv;
}

/** The same sentence as in `bin/leakhunt.js`, which says it of what is loaded first. */
function unloadable(error: unknown): never {
  const [why] = messageOf(error).split('\n', 1);
  const next = /^E[MN]FILE$/.test(codeOf(error) ?? '')
    ? 'raise the limit on open files (ulimit -n).'
    : 'reinstall it.';
  throw new LeakhuntError(
    'UNLOADABLE',
    `leakhunt could not be loaded (${why}): ${next}`,
    exitCodes.internal,
    {
      cause: error,
    },
  );
}
