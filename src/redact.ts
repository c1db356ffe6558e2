import { hasScheme, urlIn } from './address.js';
import { before } from './text.js';

/** What replaces a secret. */
export const hidden = '***';

/**
 * A URL without credentials, and with its fragment and the values of its query hidden: all may be secrets.
 */
export function redactUrl(url: URL): string {
  const shown = withoutCredentials(url);
  if (shown.hash !== '') shown.hash = hidden;
  if (shown.search !== '') shown.search = queryWithoutValues(shown.search.slice(1));
  return shown.href;
}

/** The names in a query, each once; text without an equals sign is a value, whatever it looks like. */
function queryWithoutValues(query: string): string {
  if (!/[=&]/.test(query)) return hidden;
  const names = query.split('&').map(pair => before(pair, '='));
  return [...new Set(names)].map(name => `${name}=${hidden}`).join('&');
}

/** The same for text that cannot be parsed as a URL. */
export function redactAddress(text: string): string {
  const bare = text.replace(/^(\w+:\/\/)?.*@/s, `$1${hidden}@`);
  const end = endOf(bare, /[?#]/);
  return end === bare.length ? bare : `${bare.slice(0, end + 1)}${hidden}`;
}

/** A URL without credentials, and with the values of its query hidden; other words stay unchanged. */
export function hiddenUrl(text: string): string {
  if (!/[@?#]/.test(text)) return text;
  const url = urlIn(text);
  if (!url) return redactAddress(text);
  const shown = redactUrl(url);
  return hasScheme(text) ? shown : shown.slice('http://'.length);
}

/** A text without the credentials of any URL in it: `postgres://user:password@db` as `postgres://***@db`. */
export function withoutUserInfo(text: string): string {
  let shown = '';
  let from = 0;
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    const start = Math.max(at + 3, from);
    const rest = text.slice(start, start + longestUserInfo);
    const written = rest.slice(0, endOf(rest, /[\s"'<>`]/));
    const authority = written.slice(0, endOf(written, /[/?#\\]/));
    // A password with an unescaped character that ends an authority; a port is not a password.
    const loose = /^[^:@/?#]*:(?!\d{0,5}(?:[/?#\\]|$))/.test(written);
    const sign = (loose ? written : authority).lastIndexOf('@');
    if (sign < 0) continue;
    shown += `${text.slice(from, start)}${hidden}`;
    from = start + sign;
  }
  return shown + text.slice(from);
}

/** No name and password are longer. */
const longestUserInfo = 1024;

function endOf(text: string, mark: RegExp): number {
  const at = text.search(mark);
  return at < 0 ? text.length : at;
}

/** A URL without the user's name and password, for code that only needs the place. */
export function withoutCredentials(url: URL): URL {
  const place = new URL(url);
  place.username = '';
  place.password = '';
  return place;
}

/** A part of a URL with its escapes decoded; unchanged if they are malformed. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
