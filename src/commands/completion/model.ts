import type { Command, Option } from 'commander';
import { defaults } from '../../load/scenario.js';
import { sources } from '../../probes/catalogue.js';
import { resourceNames } from '../../probes/resource-questions.js';

/** A verb with its flags, as a shell completes them. */
export interface Verb {
  name: string;
  description: string;
  flags: Flag[];
  /** What may stand beside the flags, if that is one of a few words. */
  operands?: readonly string[];
}

export interface Flag {
  /** With their dashes. */
  short?: string;
  long: string;
  description: string;
  value: Value;
}

/** What follows a flag: nothing, any word, one of a few words, a path, or text with a path after `@`. */
export type Value =
  | { kind: 'none' | 'own' | 'file' | 'folder' | 'text@file' }
  | { kind: 'words'; words: string[] };

/** Values that commander does not know, by the flag that takes them; after an equals sign, more follows. */
const known: Record<string, string[]> = {
  probe: ['auto', ...Object.keys(sources)],
  scenario: [...Object.keys(defaults), 'all'],
  'max-growth': resourceNames.map(name => `${name}=`),
};

/** Every verb of the program and its flags, from commander's own definitions. */
export function verbsOf(program: Command): Verb[] {
  return program.commands.map(command => ({
    name: command.name(),
    description: command.description(),
    operands: command.registeredArguments[0]?.argChoices,
    flags: [
      ...command.options.filter(({ hidden }) => !hidden).map(flagOf),
      { short: '-h', long: '--help', description: 'show this help', value: { kind: 'none' } },
    ],
  }));
}

function flagOf(option: Option): Flag {
  const { short, long, description } = option;
  return { short, long: long!, description, value: takes(option) };
}

function takes(option: Option): Value {
  const value = /<([^<>]+)>/.exec(option.flags)?.[1];
  if (value === undefined) return { kind: 'none' };
  if (option.argChoices) return { kind: 'words', words: option.argChoices };
  if (Object.hasOwn(known, option.name())) return { kind: 'words', words: known[option.name()]! };
  if (value.endsWith('|auto')) return { kind: 'words', words: ['auto'] };
  if (/^folder\b/.test(value)) return { kind: 'folder' };
  if (/^(file|path|record|data\|file)\b/.test(value)) return { kind: 'file' };
  return { kind: /@/.test(option.description) ? 'text@file' : 'own' };
}
