import { isOrdinary } from './command.js';
import { isPublicVariable, secretNames } from './public.js';
import { isFileName, partsOf, partsOfUrl } from './values.js';

/** From this length on a value is hidden that a target inherits, whatever its name; a telling name hides a shorter one. */
const longInherited = 8;

/** What a target must not say again of the environment that it inherits: paths, switches and plain words are no secret. */
export function secretsInherited(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(env).flatMap(([name, value = '']) => {
    if (isPublicVariable(name) || isFileName(value)) return [];
    if (secretNames.test(name)) return partsOf(value);
    // Its words are those of many programs: only as a whole, and what a URL holds.
    return value.length >= longInherited && !isOrdinary(value) ? [value, ...partsOfUrl(value)] : [];
  });
}

/** What was given for it outright; what only names a file is none of it. */
export function secretsGiven(env: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    isPublicVariable(name) || isFileName(value) ? [] : partsOf(value),
  );
}
