import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { join } from 'shlex';
import { describe, expect, test } from 'vitest';
import { splitWords } from '../../src/commands/curl/words.js';

/** What an argument of a program can hold: anything but NUL, as text. */
const word = fc.string({ unit: 'binary', maxLength: 12 }).map(text => text.replaceAll('\0', '0'));
const awkward = fc
  .array(fc.constantFrom("'", '"', '\\', '$', '`', '\n', ' ', 'a', 'é', '!', '#', ';', '|', '\t', '😀'), {
    maxLength: 8,
  })
  .map(chars => chars.join(''));

/** The ways to write a piece of a word so that a shell reads it back. */
const styles: ((text: string) => string)[] = [
  text => `'${text.replaceAll("'", `'\\''`)}'`,
  text => `"${text.replace(/["\\$`]/g, '\\$&')}"`,
  text => `$'${text.replace(/['\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('!', '\\u0021')}'`,
  text => `$'${[...Buffer.from(text)].map(byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'`,
  text => `$'${[...Buffer.from(text)].map(byte => `\\${byte.toString(8).padStart(3, '0')}`).join('')}'`,
  text =>
    [...text]
      .map(char => (/[\r\n]/.test(char) ? `'${char}'` : /\w/.test(char) ? char : `\\${char}`))
      .join('') || "''",
];
const style = fc.constantFrom(...styles);
const gap = fc.constantFrom(' ', '  ', '\t', ' \\\n ');

/** A command and the words that it stands for, each word of pieces in several styles. */
const command = fc
  .array(fc.tuple(fc.array(fc.tuple(fc.oneof(word, awkward), style), { minLength: 1, maxLength: 3 }), gap), {
    maxLength: 5,
  })
  .map(words => ({
    words: words.map(([pieces]) => pieces.map(([text]) => text).join('')),
    text: words
      .map(([pieces, between]) => pieces.map(([text, write]) => write(text)).join('') + between)
      .join(''),
  }));

describe('a command is split into the words that a shell would make of it', () => {
  test('however they are quoted', () =>
    fc.assert(
      fc.property(command, ({ text, words }) => {
        expect(splitWords(text)).toEqual(words);
      }),
      { numRuns: 2000 },
    ));

  test('as another package quotes them', () =>
    fc.assert(
      fc.property(fc.array(fc.oneof(word, awkward)), words => {
        expect(splitWords(join(words))).toEqual(words);
      }),
    ));

  test.skipIf(spawnSync('bash', ['-c', ':']).status !== 0)(
    'as bash itself does (skipped: bash is not installed)',
    () => {
      const commands = fc.sample(command, { numRuns: 300, seed: 1 }).filter(({ words }) => words.length > 0);
      const script = `show() { printf '%s\\0' "$#" "$@"; }\n${commands.map(({ text }) => `show ${text}`).join('\n')}`;
      const env = { LC_ALL: 'C.UTF-8', PATH: process.env.PATH };
      const shown = spawnSync('bash', ['-c', script], { encoding: 'utf8', env }).stdout.split('\0');
      const byBash = commands.map(() => shown.splice(0, 1 + Number(shown[0])).slice(1));
      expect(commands.map(({ text }) => splitWords(text))).toEqual(byBash);
    },
  );

  test.each([
    [
      "curl 'http://x/' \\\n  -H 'a: b' \\\n  --data-raw $'it\\'s\\u0021\\r\\n'",
      ['curl', 'http://x/', '-H', 'a: b', '--data-raw', "it's!\r\n"],
    ],
    ["$'\\xc3\\xa9\\U0001F600\\101\\e\\cA\\?\\q'", ['é😀A\x1b\x01?\\q']],
    ['a # the rest\n', ['a']],
    ['a#b "c#d" #', ['a#b', 'c#d']],
    ['"a\\\nb" \'\' ""', ['ab', '', '']],
    ['5$ "$" $', ['5$', '$', '$']],
    ['a \\\r\n b', ['a', 'b']],
    ['', []],
  ])('%j is the words %j', (text, words) => expect(splitWords(text)).toEqual(words));
});

describe('what only a shell can do is refused', () => {
  test.each([
    ['curl "$URL"', '"$URL"'],
    ['curl $(cat url)', '"$("'],
    ['curl `cat url`', '"`"'],
    ['curl "$' + '{URL:-x}"', '{URL:-x}"'],
    ['curl x | jq .', 'unquoted "|"'],
    ['curl x > file', 'unquoted ">"'],
    ['curl x; curl y', 'unquoted ";"'],
    ['curl x?a=1&b=2', 'unquoted "&"'],
    ['curl x\ncurl y', 'continues on another line'],
    ["curl 'x", "has a ' that is never closed"],
    ['curl "x\\"', 'has a " that is never closed'],
    ["curl $'x\\'", "has a $' that is never closed"],
  ])('%j is refused: %s', (text, words) => expect(() => splitWords(text)).toThrow(words));
});
