import { hidden, hiddenUrl } from '../../redact.js';
import { secretsIn } from '../../secrets/command.js';
import { partsOf } from '../../secrets/values.js';
import { curlOptions } from '../curl/table.js';
import { splitWords } from '../curl/words.js';
import { hiddenIn } from './repeat-secrets.js';
import { quoted } from './shell-quote.js';

/** leakhunt's own short options: whether each takes a value. */
const ownLetters: Record<string, string | undefined> = { n: 'n', c: 'concurrency', q: undefined };

/**
 * The words of the command line that repeats a hunt in a shell, quoted. Secrets read `***`, so that a record
 * can be passed on: everything that was given and is not a number, a choice or a file's name.
 */
export function repeatingCommand(words: readonly string[]): string {
  const { own, curl } = partsOfLine(words);
  const shown = [
    ...withoutSecrets(own, false),
    ...(own.length === words.length ? [] : ['--', ...withoutSecrets(curl, true)]),
  ];
  return ['leakhunt', ...shown.map(quoted)].join(' ');
}

/** Our own words and, after `--`, those of a curl command, which may be a single word. */
function partsOfLine(words: readonly string[]): { own: readonly string[]; curl: readonly string[] } {
  const behind = words[0] === 'curl' ? words.indexOf('--') : -1;
  if (behind < 0) return { own: words, curl: [] };
  const curl = words.slice(behind + 1);
  return {
    own: words.slice(0, behind),
    curl: curl.length === 1 && /\s/.test(curl[0]!) ? splitWords(curl[0]!) : curl,
  };
}

/** The secrets on a command line, each as it was written, whole and in parts. */
export function secretsInWords(words: readonly string[]): string[] {
  const { own, curl } = partsOfLine(words);
  const secrets: string[] = [];
  for (const [given, isCurl] of [
    [own, false],
    [curl, true],
  ] as const) {
    const shown = withoutSecrets(given, isCurl);
    for (const [i, word] of given.entries()) {
      if (shown[i] === word) continue;
      const value = middleOf(word, shown[i]!) ?? word.replace(/^--?[\w-]+=/, '');
      const behind = ['=', ':'].flatMap(mark => {
        const at = value.indexOf(mark);
        return at < 0 ? [] : value.slice(at + 1).trim();
      });
      const parts = [value, ...behind].flatMap(partsOf);
      const all = /\s/.test(value) ? [...parts, ...secretsIn(value)] : parts;
      // What is shown of it is not secret: the name of a field, the host of a URL.
      secrets.push(...all.filter(part => !shown[i]!.includes(part)));
    }
  }
  return secrets;
}

/** The text that the asterisks replace, if it is all in one place. */
function middleOf(word: string, shown: string): string | undefined {
  const [start, end, ...more] = shown.split(hidden);
  if (end === undefined || more.length > 0 || start!.length + end.length > word.length) return undefined;
  const isWithin = word.startsWith(start!) && word.endsWith(end);
  return isWithin ? word.slice(start!.length, word.length - end.length) : undefined;
}

/**
 * Options are read as curl and commander do: `-kuname:password`, `--user=name`, and words shortened for curl.
 */
function withoutSecrets(words: readonly string[], isCurl: boolean): string[] {
  const shown: string[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i]!;
    const { name, start, value } = optionIn(word, isCurl);
    if (name === undefined) shown.push(word.startsWith('-') ? word : hiddenUrl(word));
    else if (value !== undefined) shown.push(`${start}${hiddenIn(name, value, isCurl)}`);
    else {
      shown.push(word);
      i += 1;
      if (i < words.length) shown.push(hiddenIn(name, words[i]!, isCurl));
    }
  }
  return shown;
}

/** The option in a word that takes a value, and the value if it is in the same word. */
function optionIn(word: string, isCurl: boolean): { name?: string; start?: string; value?: string } {
  const long = /^--([^=]+)(=)?(.*)$/s.exec(word);
  if (long) {
    const [, text, equals, value] = long;
    const name = longName(text!, isCurl);
    return equals === undefined ? { name } : { name: name ?? text, start: `--${text}=`, value };
  }
  if (!/^-[^-]/.test(word)) return {};
  for (let at = 1; at < word.length; at += 1) {
    const name = shortName(word[at]!, isCurl);
    const value = word.slice(at + 1);
    if (name !== undefined) return value === '' ? { name } : { name, start: word.slice(0, at + 1), value };
  }
  return {};
}

/**
 * Undefined for options without a value. Of leakhunt's own options, only those that may hold secrets matter.
 */
function longName(text: string, isCurl: boolean): string | undefined {
  if (!isCurl && /^(env|expect|start|stop|ready|probe)(-before|-after)?$/.test(text)) return text;
  if (!isCurl && text === 'json') return undefined;
  const exact = curlOptions.find(({ name }) => name === text);
  const option = exact ?? (isCurl ? curlOptions.find(({ name }) => name.startsWith(text)) : undefined);
  return option?.value === undefined ? undefined : option.name;
}

function shortName(letter: string, isCurl: boolean): string | undefined {
  if (!isCurl && letter in ownLetters) return ownLetters[letter];
  const option = curlOptions.find(({ short }) => short === letter);
  return option?.value === undefined ? undefined : option.name;
}
