import { usageError } from '../../errors.js';
import { basic } from '../../net/authorization.js';

/** What one `-H` says. */
export type HeaderWord =
  | { name: string; value: string }
  /** `Name:` leaves out a header that would be sent by default. */
  | { name: string; value?: undefined }
  /** `@file`: headers from a file, or from standard input. */
  | { file: string };

/** `-H 'Name: value'`, `-H 'Name:'`, `-H 'Name;'` (sent without a value), `-H @file`, as in curl. */
export function headerOf(text: string): HeaderWord {
  return text.startsWith('@') && text.length > 1 ? { file: text.slice(1) } : headerLineOf(text);
}

/**
 * The same without `@file`. Throws a usage error that shows no value; for a line of a file, `where` says
 * which.
 */
export function headerLineOf(text: string, where?: string): Exclude<HeaderWord, { file: string }> {
  const line = text.trim();
  const match = /^([!#$%&'*+.^_`|~\w-]+)(?:(:)\s*(.*)|;)$/s.exec(line);
  if (!match || /[\0-\x08\x0a-\x1f\x7f]/.test(line)) {
    throw usageError(
      'BAD_HEADER',
      `${where ?? `-H "${line.split(/[:\s=]/)[0]}"`} is not a header: write it as -H 'Name: value'.`,
    );
  }
  const [, name, colon, value] = match;
  const word = colon === ':' && value === '' ? { name: name! } : { name: name!, value: value ?? '' };
  if (word.value === undefined && /^(host|content-length)$/i.test(word.name)) {
    throw usageError('BAD_HEADER', `-H "${word.name}:" removes a header that every upload needs: keep it.`);
  }
  return word;
}

/** The credentials of `-u`; without a colon the password is empty (curl would ask for it). */
export function basicOf(user: string): string {
  return basic(user.includes(':') ? user : `${user}:`);
}
