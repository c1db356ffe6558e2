import { hidden, hiddenUrl } from '../redact.js';
import { isPublicHeader, secretNames } from './public.js';
import { isFileName, partsOf, partsOfUrl } from './values.js';

/**
 * A command line in one string without its possible secrets: the values of its options and assignments, and
 * words that are no program, option or file and no plain word such as `run`.
 */
export function redactCommand(text: string): string {
  return read(text).shown;
}

/** The same for a command line in words, as a process has it. */
export function redactWords(words: readonly string[]): string[] {
  const line = new CommandLine();
  return words.map(word => line.shown(word));
}

/** What `redactCommand` hides in a command line: whoever was given it may repeat it. */
export function secretsIn(command: string): string[] {
  const whole = [...read(command).hidden];
  const pieces = whole.flatMap(each => each.split(/[\s"'\\=:@/?&;|()<>`$,#]+/));
  return [...new Set([...whole.flatMap(partsOf), ...pieces.filter(word => !isPlain(word))])];
}

function read(command: string): { shown: string; hidden: ReadonlySet<string> } {
  const line = new CommandLine();
  const shown = piecesOf(command).map(piece =>
    piece.kind === 'word' ? line.shown(piece.text) : line.pass(piece),
  );
  return { shown: shown.join(''), hidden: line.hidden };
}

/** Programs that take a command line as an argument. */
const runners: ReadonlySet<string> = new Set(
  'sh bash dash zsh ksh ssh su sudo env docker podman kubectl nsenter timeout watch'.split(' '),
);

/**
 * Options whose value is a name within the program (`python -m http.server`), or a name to be given (`docker
 * run --name app`).
 */
const namesAfter: ReadonlySet<string> = new Set(['-m', '-jar', '-cp', '-f', '-C', '--name', '-proto']);

/** Reads a command line word by word. */
class CommandLine {
  /** What was hidden so far, without its quotes. */
  readonly hidden = new Set<string>();
  #program: string | undefined;
  readonly #known = new Map<string, string>();
  /** The option before, whose value the next word may be. */
  #option: string | undefined;

  pass({ text, kind }: Piece): string {
    if (kind === 'end') {
      this.#program = undefined;
      this.#option = undefined;
    }
    return text;
  }

  shown(word: string): string {
    const option = this.#option;
    this.#option = undefined;
    const [, name, value] = /^([A-Za-z_]\w*=)(.*)$/s.exec(word) ?? [];
    if (name !== undefined) return name + (value === '$' ? value : this.#value(name, value!));
    if (this.#program === undefined) {
      this.#program = unquoted(word).split('/').at(-1)!;
      return word.includes('://') ? this.#url(word) : word;
    }
    if (word.startsWith('-')) return this.#optionIn(word);
    return option === undefined ? this.#positional(word) : this.#valueOf(option, word);
  }

  #optionIn(word: string): string {
    const [, name, value] = /^(--?[\w.-]+[=:])(.*)$/s.exec(word) ?? [];
    if (name !== undefined) return name + this.#value(name, value!);
    this.#option = word;
    // `-psecret`; `-Xmx512m`, `-server` and `-it` have no values.
    const isName = word.startsWith('-X') || /^-{0,2}([a-zA-Z][a-z-]*)?$/.test(word);
    return isName || word.length < 3 ? word : `${word.slice(0, 2)}${this.#hide(word.slice(2))}`;
  }

  #valueOf(option: string, word: string): string {
    const bare = unquoted(word);
    if (/^(-H|--header|--proxy-header)$/.test(option)) return this.#header(word);
    if (/\s/.test(bare) && option === '-c') return this.#script(word);
    return namesAfter.has(option) && isPlain(bare) ? word : this.#value(option, word);
  }

  #header(word: string): string {
    const bare = unquoted(word);
    const colon = bare.indexOf(':');
    if (colon < 0 || isPublicHeader(bare.slice(0, colon))) return word;
    const value = bare.slice(colon + 1).trim();
    const quote = quoteOf(word);
    return `${quote}${bare.slice(0, colon)}: ${value === '' ? '' : this.#hide(value)}${quote}`;
  }

  /** By the name that a value is for. */
  #value(name: string, word: string): string {
    const bare = unquoted(word);
    if (bare === '') return word;
    if (bare.includes('://') && !/\s/.test(bare)) return this.#url(bare);
    return !secretNames.test(name) && isHarmless(bare) ? word : this.#hide(bare);
  }

  #positional(word: string): string {
    const key = `${this.#program}\0${word}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const shown = this.#argument(word);
    this.#known.set(key, shown);
    return shown;
  }

  #argument(word: string): string {
    const bare = unquoted(word);
    if (/\s/.test(bare)) return runners.has(this.#program!) ? this.#script(word) : this.#hide(bare);
    if (bare.includes('://')) return this.#url(bare);
    return isOrdinary(bare) ? word : this.#hide(bare);
  }

  #script(word: string): string {
    const { shown, hidden } = read(unquoted(word));
    for (const secret of hidden) this.hidden.add(secret);
    return quoteOf(word) + shown + quoteOf(word);
  }

  #url(word: string): string {
    for (const part of partsOfUrl(word)) if (part !== '') this.hidden.add(part);
    return hiddenUrl(word);
  }

  #hide(bare: string): string {
    this.hidden.add(bare);
    return hidden;
  }
}

/** A small number with its unit, a switch, an address of this machine, or a file. */
function isHarmless(word: string): boolean {
  return (
    /^\d{1,5}(\.\d{1,3})?[a-zA-Z]{0,3}$/.test(word) ||
    /^(true|false|on|off|yes|no)$/.test(word) ||
    /^(localhost|\d{1,3}(\.\d{1,3}){3}|\[?::1?\]?)?(:\d{1,5}){0,2}$/.test(word) ||
    looksLikeFile(word)
  );
}

/** Parts of a command line that are shown unchanged: a path, a small number, a switch, and plain words. */
export function isOrdinary(word: string): boolean {
  return isHarmless(word) || word.split('/').every(isPlain);
}

/**
 * `run`, `start:prod`, `spring-boot:run`, `app:app`, `--`; a word with a digit or a capital letter may be
 * anything.
 */
function isPlain(word: string): boolean {
  return /^[a-z.:_-]{0,24}$/.test(word);
}

/** No file's name is longer (PATH_MAX is 4096; what people type is not). */
const longestName = 512;

/** `server.js`, `./app`, `/srv/old.js`, `src/главная.rs`: a name with an ending, or a path of short names. */
export function looksLikeFile(word: string): boolean {
  if (word.length > longestName) return false;
  const parts = word.split('/');
  if (!parts.every(part => /^[\w\p{L}\p{M}\p{N}\p{Extended_Pictographic}.@+-]{0,32}$/u.test(part)))
    return isFileName(word);
  return (
    /^(\.{0,2}|~)$/.test(parts[0]!) ||
    /^[\w\p{L}\p{M}\p{N}\p{Extended_Pictographic}-]{1,24}(\.[\w-]{1,16}){0,2}\.[a-z]{1,5}$/u.test(
      parts.at(-1)!,
    )
  );
}

function unquoted(word: string): string {
  const quote = quoteOf(word);
  return quote === '' ? word : word.slice(1, word.endsWith(quote) && word.length > 1 ? -1 : undefined);
}

function quoteOf(word: string): string {
  return word.startsWith('"') ? '"' : word.startsWith("'") ? "'" : '';
}

interface Piece {
  /** `end`: another command begins after it. */
  kind: 'word' | 'between' | 'end';
  text: string;
}

const ends = new Set([...';&|()`\n{}']);
const betweens = new Set([...' \t\r<>']);

/** A command line cut into words and the text between them; a word includes its quotes. */
function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < text.length; ) {
    const char = text[at]!;
    const kind = ends.has(char) ? 'end' : betweens.has(char) ? 'between' : 'word';
    const end = kind === 'word' ? endOfWord(text, at) : at + 1;
    pieces.push({ kind, text: text.slice(at, end) });
    at = end;
  }
  return pieces;
}

function endOfWord(text: string, start: number): number {
  let at = start;
  while (at < text.length && !ends.has(text[at]!) && !betweens.has(text[at]!)) {
    const char = text[at]!;
    if (char === '\\') at += 1;
    else if (char === '"' || char === "'") at = endOfQuote(text, at);
    at += 1;
  }
  return Math.min(at, text.length);
}

/** The position of the closing quote; the end of the text if there is none. */
function endOfQuote(text: string, start: number): number {
  const quote = text[start]!;
  for (let at = start + 1; at < text.length; at += 1) {
    if (quote === '"' && text[at] === '\\') at += 1;
    else if (text[at] === quote) return at;
  }
  return text.length;
}
