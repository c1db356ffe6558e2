import { basename } from 'node:path';
import { redactWords } from '../../secrets/command.js';
import { commandLineOf } from './procfs.js';

const longest = 100;

/** A process by what a person knows it by: `node old.js (pid 123)`. */
export async function describe(pid: number): Promise<string> {
  const words = await commandLineOf(pid).catch(() => []);
  return `${words.length > 0 ? inWords(words) : 'a process'} (pid ${pid})`;
}

/** The words of a command line, cut to a readable length, without what may be secret in them. */
export function inWords([program = '', ...words]: readonly string[]): string {
  // Some write a title in place of the words, with blanks: a path in it is none of the program.
  const name = /^\/\S*$/.test(program) ? basename(program) : program;
  const line = redactWords([name, ...words]).join(' ');
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
