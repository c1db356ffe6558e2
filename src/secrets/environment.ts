import { isOrdinary } from './command.js';
import { isPublicVariable, secretNames } from './public.js';
import { isFileName, partsOf, partsOfUrl } from './values.js';

/** An inherited value of this length is hidden whatever its name; a telling name hides a shorter one. */
const longInherited = 8;

/**
 * What a target must not repeat of its inherited environment; paths, switches and plain words are not secret.
 */
export function secretsInherited(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(env).flatMap(([name, value = '']) => {
    if (isPublicVariable(name) || isFileName(value)) return [];
    if (secretNames.test(name)) return partsOf(value);
    // It consists of words of many programs: hidden only as a whole, and what a URL in it holds.
    return value.length >= longInherited && !isOrdinary(value) ? [value, ...partsOfUrl(value)] : [];
  });
}

/** What the user set for it; a value that only names a file is not included. */
export function secretsGiven(env: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    isPublicVariable(name) || isFileName(value) ? [] : partsOf(value),
  );
}
