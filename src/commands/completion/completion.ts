import { Argument, type Command } from 'commander';
import type { Streams } from '../program/streams.js';
import { bashCompletion } from './bash.js';
import { fishCompletion } from './fish.js';
import { type Verb, verbsOf } from './model.js';
import { zshCompletion } from './zsh.js';

/** Every shell that a completion can be printed for. */
const shells: Record<string, (verbs: Verb[]) => string> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `leakhunt completion <shell>`: prints what makes a shell complete verbs, flags and their values. */
export function completionCommand(command: Command, streams: Streams): void {
  command
    .addArgument(new Argument('<shell>', 'shell to print the completion for').choices(Object.keys(shells)))
    .option('--debug', 'print the stack trace of an error');
  command.action((shell: string) => {
    streams.stdout.write(shells[shell]!(verbsOf(command.parent!)));
  });
}
