import { LeakhuntError, messageOf, usageError } from '../../errors.js';
import { parseUrl } from '../../hunt/upload-url.js';
import { requestOf } from '../curl/request.js';
import { curlOptions, shownAs } from '../curl/table.js';
import type { Streams } from '../program/streams.js';
import { hintFor } from './did-you-mean.js';
import type { ConfigKey } from './keys.js';

/** The words of a command line that each key stands for. */
export type Words = Map<string, string[]>;

/** Where settings were written, for messages, and what fills the gaps in their values. */
export interface ConfigLocation {
  /** `leakhunt.config.json`. */
  file: string;
  /** `hunts.avatars.`, or nothing. */
  prefix: string;
  /** The hunt's name, for `{name}` in the paths of reports. */
  hunt: string;
  env: Streams['env'];
}

/**
 * Turns the settings of a file into words of a command line, key by key; null means that a key is not set.
 * Throws a usage error that points at the key; for values that came from the environment, it shows only the
 * variable.
 */
export function wordsOf(settings: object, keys: Map<string, ConfigKey>, place: ConfigLocation): Words {
  return new Map(
    Object.entries(settings).map(([name, value]) => {
      const key = keys.get(name);
      if (key) return [name, wordsOfKey(key, value, `${place.prefix}${name}`, place)];
      const short = [...keys.values()].find(({ on }) => on?.short === `-${name}`);
      const hint = short
        ? `did you mean "${short.name}"?`
        : hintFor(name, [...keys.keys(), 'hunts'], 'the keys are the options in leakhunt upload --help-all.');
      throw wrong(place.file, `${place.prefix}${name}`, `there is no such key: ${hint}`);
    }),
  );
}

function wordsOfKey(key: ConfigKey, value: unknown, path: string, place: ConfigLocation): string[] {
  if (value === null || value === undefined) return [];
  if (key.kind === 'switch') return switched(key, value, path, place.file);
  const items = itemsOf(key, value, path, place.file);
  return items.flatMap(([at, raw]) => [key.on!.long!, textOf(key, raw, at, place)]);
}

/** A switch that is off anyway needs no word. */
function switched({ on, off }: ConfigKey, value: unknown, path: string, file: string): string[] {
  if (typeof value !== 'boolean') throw wrong(file, path, `${kindOf(value)} is not true or false.`);
  return (value ? on?.long : off?.long)?.split(' ') ?? [];
}

/** A list's items with their paths; an object is a list of names and values. */
function itemsOf({ kind, joint }: ConfigKey, value: unknown, path: string, file: string): [string, string][] {
  const text = (at: string, item: unknown): string => {
    if (typeof item === 'string' || typeof item === 'number') return String(item);
    throw wrong(file, at, `${kindOf(item)} is neither a text nor a number.`);
  };
  if (kind === 'list' && Array.isArray(value)) {
    return value.map((item, i) => [`${path}[${i}]`, text(`${path}[${i}]`, item)]);
  }
  if (joint !== undefined && typeof value === 'object' && !Array.isArray(value)) {
    return Object.entries(value!).map(([name, item]) => [
      `${path}.${name}`,
      `${name}${joint}${text(`${path}.${name}`, item)}`,
    ]);
  }
  return [[path, text(path, value)]];
}

function textOf(key: ConfigKey, raw: string, path: string, place: ConfigLocation): string {
  const filled = interpolated(raw, path, place);
  const text = key.isPath ? filled.replaceAll('{name}', place.hunt) : filled;
  try {
    check(key, text);
  } catch (error) {
    throw wrong(place.file, path, saidOf(error, text, filled === raw ? text : raw));
  }
  return text;
}

/** Throws the error that the flag itself would. */
export function check(key: ConfigKey, text: string): void {
  if (key.name === 'url') parseUrl(text);
  const option = key.isCurls && curlOptions.find(({ name }) => name === key.on!.name());
  if (option) requestOf([{ option, value: text, on: true, written: shownAs(option) }]);
  else key.on!.parseArg?.(text, undefined);
}

/** The flag's own sentence without the flag, since the key is already named. */
function saidOf(error: unknown, text: string, shown: string): string {
  const message = messageOf(error).replace(/^--?[\w./-]+ (?=["\w])/, '');
  const whole = error instanceof LeakhuntError ? message : `"${text}" is refused: ${message}`;
  return text === shown ? whole : whole.replaceAll(text, () => shown);
}

/**
 * Takes `${NAME}` from the environment, so that the file need not contain a secret; `$${` is a plain `${`.
 */
function interpolated(text: string, path: string, { env, file }: ConfigLocation): string {
  return text.replace(/\$(\$\{)|\$\{(\w*)\}/g, (_, plain: string | undefined, name: string) => {
    if (plain !== undefined) return plain;
    const value = env[name];
    if (value !== undefined) return value;
    throw wrong(
      file,
      path,
      `\${${name}} is not set: set ${name} in the environment, or write $\${ for a plain \${.`,
    );
  });
}

/** A usage error about one key. */
export function wrong(file: string, path: string, why: string): LeakhuntError {
  return usageError('BAD_CONFIG', `${file}: ${path}: ${why}`);
}

/** What kind of value something is, without showing it: it may be a secret. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return (
    { object: 'an object', string: 'a text', number: 'a number', boolean: `${value}` }[
      typeof value as string
    ] ?? 'this'
  );
}
