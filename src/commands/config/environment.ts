import { messageOf, usageError } from '../../errors.js';
import type { Streams } from '../program/streams.js';
import type { ConfigKey } from './keys.js';
import { check, type Words } from './words.js';

/**
 * What the environment sets: `LEAKHUNT_MAX_GROWTH` and so on, one variable for each flag. A flag that can be
 * repeated takes one line for each value; a switch takes true or false. An empty variable counts as not set.
 * The URL is not among them: `targetUrl` reads it. Throws a usage error that names the variable.
 */
export function wordsOfEnv(keys: Map<string, ConfigKey>, env: Streams['env'], hunt: string): Words {
  const words: Words = new Map();
  for (const key of keys.values()) {
    const value = env[key.variable];
    if (!value || key.name === 'url') continue;
    words.set(key.name, key.kind === 'switch' ? switched(key, value) : valued(key, value, hunt));
  }
  return words;
}

function switched({ on, off, variable }: ConfigKey, value: string): string[] {
  const wanted = { true: on, 1: on, false: off, 0: off };
  if (!Object.hasOwn(wanted, value)) {
    throw usageError('BAD_ENVIRONMENT', `${variable} "${value}" is neither true nor false: use one of them.`);
  }
  const option = wanted[value as keyof typeof wanted];
  return option ? [option.long!] : [];
}

function valued({ kind, ...key }: ConfigKey, value: string, hunt: string): string[] {
  const texts = kind === 'list' ? value.split('\n').filter(line => line !== '') : [value];
  return texts.flatMap(text => {
    const filled = key.isPath ? text.replaceAll('{name}', hunt) : text;
    try {
      check({ kind, ...key }, filled);
    } catch (error) {
      throw usageError('BAD_ENVIRONMENT', `${key.variable}: ${messageOf(error)}`);
    }
    return [key.on!.long!, filled];
  });
}
