import type { Command } from 'commander';
import { folderOf, type Streams } from '../program/streams.js';
import { wordsOfEnv } from './environment.js';
import { type ConfigFile, configAt, findConfig } from './file.js';
import { keysOf } from './keys.js';
import { kindOf, type Words, wordsOf, wrong } from './words.js';

/** A configuration file, and the hunts it names. */
export interface Config {
  /** The name that messages use. */
  file: string;
  defaults: object;
  hunts: Map<string, object>;
}

/** The name of a hunt that the file does not name. */
export const unnamed = 'upload';

/** One flag of a command line as it was given. */
export interface Given {
  key: string;
  words: string[];
}

/** From now on, collects what is given on a command line, to repeat it after what a configuration sets. */
export function givenTo(command: Command): Given[] {
  const given: Given[] = [];
  for (const option of command.options) {
    command.on(`option:${option.name()}`, (value: string | null | undefined) => {
      const words = value === null || value === undefined ? [option.long!] : [option.long!, value];
      given.push({ key: option.attributeName(), words });
    });
  }
  return given;
}

/** `--config`, then LEAKHUNT_CONFIG, then the current folder's; `--no-config` takes none. */
export async function readConfig(
  path: string | boolean | undefined,
  streams: Pick<Streams, 'cwd' | 'env'>,
): Promise<Config | undefined> {
  if (path === false) return undefined;
  const chosen = typeof path === 'string' ? path : streams.env.LEAKHUNT_CONFIG;
  const found = chosen ? await configAt(chosen, folderOf(streams)) : await findConfig(folderOf(streams));
  return found && configOf(found);
}

function configOf({ name: file, value }: ConfigFile): Config {
  const whole = objectAt(value, file, 'the whole');
  const { hunts = {}, ...defaults } = whole as { hunts?: unknown };
  const named = Object.entries(objectAt(hunts, file, 'hunts'));
  for (const [name, hunt] of named) {
    objectAt(hunt, file, `hunts.${name}`);
    if (!/^\w[\w.-]*$/.test(name)) {
      throw wrong(
        file,
        `hunts["${name}"]`,
        'a name may only contain letters, digits, "_", "-" and ".": choose another.',
      );
    }
  }
  return { file, defaults, hunts: new Map(named as [string, object][]) };
}

function objectAt(value: unknown, file: string, path: string): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw wrong(file, path, `${kindOf(value)} is not an object of keys.`);
}

/**
 * The words of a hunt's whole command line: the file comes first, the environment overrides it, and flags
 * override both. Whatever sets a key replaces it, lists too. Throws a usage error that points at the key.
 */
export function configuredWords(
  command: Command,
  config: Config | undefined,
  name: string,
  given: Given[],
  env: Streams['env'],
): string[] {
  const keys = keysOf(command);
  const own = config?.hunts.get(name);
  const place = { file: config?.file ?? '', hunt: name, env };
  const words: Words = new Map([
    ...wordsOf(config?.defaults ?? {}, keys, { ...place, prefix: '' }),
    ...wordsOf(own ?? {}, keys, { ...place, prefix: `hunts.${name}.` }),
    ...wordsOfEnv(keys, env, name),
  ]);
  if (env.LEAKHUNT_URL) words.delete('url');
  for (const { key } of given) words.delete(key);
  const said = given.flatMap(({ key, words: [flag, value] }) => {
    const path = value !== undefined && keys.get(key)?.isPath;
    return path ? [flag!, value.replaceAll('{name}', name)] : value === undefined ? [flag!] : [flag!, value];
  });
  return [...words.values()].flat().concat(said);
}
