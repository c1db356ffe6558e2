import { decoded } from '../redact.js';

/** Basic authentication (RFC 7617) of `name:password`. */
export function basic(pair: string): string {
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/** The credentials in a URL as basic authentication; undefined if it has none. */
export function basicIn({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return basic(`${decoded(username)}:${decoded(password)}`);
}
