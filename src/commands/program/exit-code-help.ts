import type { Command } from 'commander';
import { exitCodes, exitCodeWords } from '../../exit-codes.js';

/** Lists the exit codes below a command's help; `own` describes those that mean something else there. */
export function addExitCodes(command: Command, own: Partial<typeof exitCodeWords> = {}): void {
  const words = { ...exitCodeWords, ...own };
  const named = Object.entries(exitCodes).map(
    ([name, code]) => `${code} ${words[name as keyof typeof words]}`,
  );
  const [half, rest] = [named.slice(0, 5), named.slice(5)];
  command.addHelpText('after', `\nExit codes: ${half.join(', ')},\n  ${rest.join(', ')}.`);
}
