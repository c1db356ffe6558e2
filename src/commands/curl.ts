import { usageError } from '../errors.js';

/** `-H 'Name: value'`; `Name;` is a header without a value, as in curl. */
export function headerOf(text: string): [string, string] {
  const match = /^([!#$%&'*+.^_`|~\w-]+)(?::\s*(.*)|;)$/s.exec(text.trim());
  if (!match || /[\0-\x08\x0a-\x1f\x7f]/.test(text.trim())) {
    throw usageError(
      'BAD_HEADER',
      `-H "${text.split(':')[0]}" is not a header: write it as -H 'Name: value'.`,
    );
  }
  return [match[1]!, match[2] ?? ''];
}

/** `-u name:password` as basic authentication (RFC 7617). */
export function userHeader(user: string): [string, string] {
  return ['authorization', `Basic ${Buffer.from(user).toString('base64')}`];
}

/** `-b 'name=value; other=value'`; curl's cookie files are not read. */
export function cookieHeader(cookie: string): [string, string] {
  if (!cookie.includes('=')) {
    throw usageError(
      'BAD_COOKIE',
      `-b "${cookie}" is a cookie file, which is not read: write -b 'name=value'.`,
    );
  }
  return ['cookie', cookie];
}
