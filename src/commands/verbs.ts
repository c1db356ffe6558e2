import type { Command } from 'commander';
import { codeOf, LeakhuntError, messageOf } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import type { Returning, Streams } from './program/streams.js';

interface VerbModule {
  description: string;
  /** Loads the module that adds the command's operands, flags and action. */
  load(): Promise<(command: Command, streams: Streams, returning: Returning) => void>;
}

/** Every verb, in the order of the help. Only the requested one is loaded: it brings most of the program. */
const verbs: Record<string, VerbModule> = {
  upload: {
    description: 'upload to a server in rounds and say what each upload leaves behind',
    load: async () => (await import('./upload/command.js')).uploadCommand,
  },
  run: {
    description: 'hunt what the configuration file names, one after another',
    load: async () => (await import('./run/run.js')).runCommand,
  },
  curl: {
    description: 'the same for a whole curl command: leakhunt curl --n 100 -- curl -F file=@foo.pdf URL',
    load: async () => (await import('./curl.js')).curlCommand,
  },
  compare: {
    description: 'compare two hunts: records, or targets that are hunted in turn',
    load: async () => (await import('./compare/compare.js')).compareCommand,
  },
  demo: {
    description: 'hunt a built-in upload server that leaks, then the same server fixed',
    load: async () => (await import('./demo.js')).demoCommand,
  },
  fixtures: {
    description: 'write generated files to a folder',
    load: async () => (await import('./fixtures.js')).fixturesCommand,
  },
  probe: {
    description: 'say what can be read of a target, and how well, without uploading',
    load: async () => (await import('./probe.js')).probeCommand,
  },
  init: {
    description: 'write leakhunt.config.mjs from what can be read of a target',
    load: async () => (await import('./init/init.js')).initCommand,
  },
  report: {
    description: 'report on a hunt that was saved, in any format',
    load: async () => (await import('./report.js')).reportCommand,
  },
  completion: {
    description: 'print the completion for a shell: source <(leakhunt completion bash)',
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
      define(command, streams, returning);
    }
  });
}

/** Turns `help upload` into `upload --help`: for the former, commander shows a command that is not loaded. */
export function withHelpLast(argv: string[]): string[] {
  const [node, program, first, verb] = argv;
  return first === 'help' && Object.hasOwn(verbs, verb ?? '') ? [node!, program!, verb!, '--help'] : argv;
}

/** The same as in `bin/leakhunt.js` for the module that is loaded first. */
function unloadable(error: unknown): never {
  const [why] = messageOf(error).split('\n', 1);
  const next = /^E[MN]FILE$/.test(codeOf(error) ?? '')
    ? 'raise the limit of open files (ulimit -n).'
    : 'install it again.';
  throw new LeakhuntError('UNLOADABLE', `leakhunt cannot be loaded (${why}): ${next}`, exitCodes.internal, {
    cause: error,
  });
}
