import { basename } from 'node:path';
import { hidden, secretNames } from '../redact.js';
import { commandLineOf } from './procfs.js';

const longest = 100;

/** A process by what a person knows it by: `node old.js (pid 123)`. */
export async function describe(pid: number): Promise<string> {
  const words = await commandLineOf(pid).catch(() => []);
  return `${words.length > 0 ? inWords(words) : 'a process'} (pid ${pid})`;
}

/** The words of a command line, cut to a readable length, without what sounds secret in them. */
export function inWords([program = '', ...words]: readonly string[]): string {
  // Some write a title in place of the words, with blanks: a path in it is none of the program.
  const name = /^\/\S*$/.test(program) ? basename(program) : program;
  const shown = words.map((word, i) => {
    const [, option, value] = /^(--?[\w-]+=)(.*)$/s.exec(word) ?? [];
    if (option !== undefined && value !== '') return secretNames.test(option) ? `${option}${hidden}` : word;
    const before = words[i - 1] ?? '';
    return /^--?[\w-]+$/.test(before) && secretNames.test(before) && !word.startsWith('-') ? hidden : word;
  });
  const line = [name, ...shown].join(' ').replace(/(\w:\/\/)[^\s/@]*@/g, `$1${hidden}@`);
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
