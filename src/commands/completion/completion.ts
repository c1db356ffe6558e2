import { Argument, type Command } from 'commander';
import type { Streams } from '../streams.js';
import { bashCompletion } from './completion-bash.js';
import { fishCompletion } from './completion-fish.js';
import { type Verb, verbsOf } from './completion-model.js';
import { zshCompletion } from './completion-zsh.js';

/** Every shell that a completion can be printed for. */
const shells: Record<string, (verbs: Verb[]) => string> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `leakhunt completion <shell>`: prints what makes a shell complete verbs, flags and their values. */
export function completionCommand(command: Command, streams: Streams): void {
  command
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(shells)))
    .option('--debug', 'show where an error comes from');
  command.action((shell: string) => {
    streams.stdout.write(shells[shell]!(verbsOf(command.parent!)));
  });
}
