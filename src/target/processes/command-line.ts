import { basename } from 'node:path';
import { redactWords } from '../../secrets/command.js';
import { commandLineOf } from './procfs.js';

const longest = 100;

/** A process under the name by which a person knows it: `node old.js (pid 123)`. */
export async function describe(pid: number): Promise<string> {
  const words = await commandLineOf(pid).catch(() => []);
  return `${words.length > 0 ? inWords(words) : 'a process'} (pid ${pid})`;
}

/** The words of a command line, shortened to a readable length, without possible secrets. */
export function inWords([program = '', ...words]: readonly string[]): string {
  // Some programs replace the words by a title with blanks: a path in it does not belong to the program.
  const name = /^\/\S*$/.test(program) ? basename(program) : program;
  const line = redactWords([name, ...words]).join(' ');
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
