import { type LeakhuntError, usageError } from '../../errors.js';
import { type CurlOption, curlOptions } from './table.js';

/** One option of a curl command as it was given, in its place among the others. */
export interface Said {
  option: CurlOption;
  /** Empty if it takes none. */
  value: string;
  /** False for `--no-location`. */
  on: boolean;
  /** The option as it was written, without its value. */
  written: string;
}

const url = curlOptions.find(({ name }) => name === 'url')!;

/**
 * Reads the words of a curl command as curl 7.88 does: short options may be combined and carry their value
 * (`-sSLXPUT`), long ones may be shortened where that is unambiguous (`--data-b`), and boolean ones turned
 * off (`--no-location`); a word that is no option is a URL. Throws a usage error for an unknown or refused
 * option. No message contains a value, since it may be a secret.
 */
export function readFlags(words: readonly string[]): Said[] {
  const said: Said[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i]!;
    if (word === '--') {
      said.push(...words.slice(i + 1).map(urlSaid));
      break;
    }
    if (word.startsWith('--')) readLong(word.slice(2));
    else if (word.startsWith('-')) readShort(word.slice(1));
    else said.push(urlSaid(word));

    function readLong(text: string): void {
      const { option, on } = longOption(text);
      const written = `--${text}`;
      said.push(accepted({ option, on, written, value: option.value === undefined ? '' : next(written) }));
    }

    function readShort(letters: string): void {
      for (let at = 0; at < letters.length || at === 0; at += 1) {
        const letter = letters[at] ?? '';
        const written = `-${letter}`;
        const option = curlOptions.find(({ short }) => short === letter);
        if (!option) throw unknown(written);
        const rest = letters.slice(at + 1);
        if (option.value === undefined) {
          said.push(accepted({ option, on: true, written, value: '' }));
          continue;
        }
        said.push(accepted({ option, on: true, written, value: rest === '' ? next(written) : rest }));
        return;
      }
    }

    function next(written: string): string {
      i += 1;
      const value = words[i];
      if (value !== undefined) return value;
      throw usageError('BAD_CURL', `${written} needs a value: add one after it.`);
    }
  }
  return said;
}

/** Accepts supported options. Throws a usage error for any other. */
export function accepted(said: Said): Said {
  if (said.option.effect !== 'refused' || !said.on) return said;
  throw usageError('BAD_CURL', `curl's ${said.written} is not supported: ${said.option.note}.`);
}

/** A URL that stands among the options. */
export function urlSaid(value: string): Said {
  return { option: url, value, on: true, written: '--url' };
}

function longOption(text: string): { option: CurlOption; on: boolean } {
  const exact = named(text);
  if (exact) return { option: exact, on: true };
  if (text.startsWith('no-')) {
    const option = named(text.slice(3));
    if (option && option.value === undefined) return { option, on: false };
    if (option)
      throw usageError('BAD_CURL', `--${text} turns off an option that takes a value: remove "no-".`);
  }
  const opposite = named(`no-${text}`); // `--buffer`, which is how curl behaves anyway
  if (opposite) return { option: opposite, on: false };
  const beginning = text === '' ? [] : curlOptions.filter(({ name }) => name.startsWith(text));
  if (beginning.length === 1) return { option: beginning[0]!, on: true };
  if (beginning.length === 0) throw unknown(`--${text}`);
  const names = beginning.slice(0, 4).map(({ name }) => `--${name}`);
  throw usageError('BAD_CURL', `--${text} is ambiguous: write ${names.join(', ')} or another one in full.`);
}

function named(text: string): CurlOption | undefined {
  return curlOptions.find(({ name }) => name === text);
}

/**
 * The text after an equals sign is left out of the message: curl has no such values, and it may be a secret.
 */
function unknown(written: string): LeakhuntError {
  const [name] = written.split('=', 1);
  const hint = written.includes('=') ? 'write its value after a space' : 'check its spelling';
  return usageError('BAD_CURL', `"${name}" is not an option of curl 7.88: ${hint}.`);
}
