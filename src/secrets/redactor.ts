import { hidden, withoutUserInfo } from '../redact.js';
import { before } from '../text.js';
import { isTelling } from './values.js';

/** Up to this length, a value is hidden only if it stands by itself, not inside another word. */
const longestWord = 7;
/** From this length on, the remainder of a secret that was cut, as long texts are, is hidden. */
const shortestRest = 6;

/** Hides secrets in texts and in files. */
export class Redactor {
  /** The longest first: a secret may contain another one. */
  readonly #secrets: readonly string[];
  readonly #known = new Map<string, string>();

  /** `values` as they were given; the encoded forms in which servers repeat them are found, too. */
  constructor(values: Iterable<string>) {
    const telling = [...new Set(values)].filter(isTelling);
    this.#secrets = [...new Set(telling.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  }

  /** A text without the secrets, and without the credentials of any URL in it. */
  readonly text = (text: string): string => {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    let shown = text;
    for (const secret of this.#secrets) shown = without(shown, secret);
    shown = withoutUserInfo(shown);
    if (this.#known.size < mostKnown) this.#known.set(text, shown);
    return shown;
  };

  /**
   * The bytes of a file with the secrets replaced by as many asterisks, so that lengths in it stay correct.
   */
  bytes(bytes: Uint8Array): Uint8Array {
    const found = Buffer.from(bytes);
    let changed = false;
    for (const secret of this.#secrets) {
      if (secret.length <= longestWord) continue;
      const wanted = Buffer.from(secret);
      for (let at = found.indexOf(wanted); at >= 0; at = found.indexOf(wanted, at + wanted.length)) {
        found.fill('*', at, at + wanted.length);
        changed = true;
      }
    }
    return changed ? found : bytes;
  }
}

/** Texts whose result is cached: the names in a profile recur all the time. */
const mostKnown = 10_000;

/** As it is, escaped for a URL, a form, JSON and HTML, and in base64. */
function formsOf(value: string): string[] {
  const escaped = escapedForUrl(value);
  const base64 = Buffer.from(value).toString('base64');
  const html = value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  return [
    value,
    escaped,
    escaped.replaceAll('%20', '+'),
    JSON.stringify(value).slice(1, -1),
    html,
    ...(value.length > longestWord ? [base64, before(base64, '=')] : []),
  ];
}

/** Unchanged if half of a surrogate pair makes it a text that a URL cannot hold. */
function escapedForUrl(value: string): string {
  try {
    return encodeURIComponent(value);
  } catch {
    return value;
  }
}

function without(text: string, secret: string): string {
  const isWord = secret.length <= longestWord;
  let shown = '';
  let from = 0;
  for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
    const end = at + secret.length;
    if (at < from || (isWord && (isOfWord(text[at - 1]) || isOfWord(text[end])))) continue;
    shown += text.slice(from, at) + hidden;
    from = end;
  }
  return withoutRest(shown + text.slice(from), secret);
}

/** A secret that a limit has cut, at the end of a text or of a quotation in it. */
function withoutRest(text: string, secret: string): string {
  if (secret.length <= longestWord) return text;
  const start = secret.slice(0, shortestRest);
  const at = text.lastIndexOf(start);
  if (at < 0) return text;
  let end = at + start.length;
  while (end < text.length && text[end] === secret[end - at]) end += 1;
  return end === text.length || '…"\')'.includes(text[end]!)
    ? text.slice(0, at) + hidden + text.slice(end)
    : text;
}

function isOfWord(char: string | undefined): boolean {
  return char !== undefined && /[\p{L}\p{N}_]/u.test(char);
}
