import type { Command, Option } from 'commander';
import { isCurls } from '../curl/group.js';

/** What may be set outside the command line: a flag, by its long name in camel case. */
export interface ConfigKey {
  name: string;
  kind: 'switch' | 'value' | 'list';
  /** The flag that turns it on, or takes its value, and the one that turns it off. */
  on?: Option;
  off?: Option;
  isCurls: boolean;
  /** The character between name and value if the flag takes both: an object can then replace a list. */
  joint?: string;
  /** Whether its value is a path of leakhunt's own, in which `{name}` is the hunt's name. */
  isPath: boolean;
  /** What sets it in the environment: `LEAKHUNT_MAX_GROWTH`. */
  variable: string;
}

/** About one run of leakhunt, not about a hunt: they are for the command line alone. */
const notKeys = ['config', 'bisect', 'debug', 'helpAll'];

/** Every key of a command, from its own options: nothing is listed twice. */
export function keysOf(command: Command): Map<string, ConfigKey> {
  const keys = new Map<string, ConfigKey>();
  for (const option of command.options) {
    const name = option.attributeName();
    // A flag of curl's that changes nothing is in no help, and may be set all the same.
    if ((option.hidden && !isCurls(option.name())) || notKeys.includes(name)) continue;
    const before = keys.get(name);
    if (option.negate) keys.set(name, { ...(before ?? keyOf(option)), off: option });
    else keys.set(name, { ...keyOf(option), off: before?.off });
  }
  return keys;
}

function keyOf(option: Option): ConfigKey {
  const name = option.attributeName();
  const curls = isCurls(option.name());
  const value = /<([^<>]+)>/.exec(option.flags)?.[1] ?? '';
  const list = option.required && (curls || isRepeatable(option.parseArg));
  return {
    name,
    kind: list ? 'list' : option.required ? 'value' : 'switch',
    on: option.negate ? undefined : option,
    isCurls: curls,
    joint: list ? jointOf(value) : undefined,
    isPath: !curls && /^(file|folder|record)\b/.test(value),
    variable: `LEAKHUNT_${option.name().replace(/^no-/, '').replace(/\W/g, '_').toUpperCase()}`,
  };
}

function jointOf(value: string): string | undefined {
  if (value === 'header') return ': ';
  return value.includes('=') ? '=' : undefined;
}

/** Marks a parser of a flag that can be given more than once. */
export function repeatable<Parser extends object>(parse: Parser): Parser & { repeatable: true } {
  return Object.assign(parse, { repeatable: true as const });
}

function isRepeatable(parse: unknown): boolean {
  return typeof parse === 'function' && 'repeatable' in parse;
}
