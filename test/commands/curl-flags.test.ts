import { describe, expect, test } from 'vitest';
import { readFlags } from '../../src/commands/curl/flags.js';

const said = (...words: string[]) =>
  readFlags(words).map(({ option, value, on }) => (on ? [option.name, value] : [option.name, value, 'off']));

describe("curl's words are read as curl reads them", () => {
  test.each([
    [
      ['-sSLk'],
      [
        ['silent', ''],
        ['show-error', ''],
        ['location', ''],
        ['insecure', ''],
      ],
    ],
    [
      ['-XPUT', '-ufoo:bar', '-F"a=b"'],
      [
        ['request', 'PUT'],
        ['user', 'foo:bar'],
        ['form', '"a=b"'],
      ],
    ],
    [
      ['-sX', 'PUT'],
      [
        ['silent', ''],
        ['request', 'PUT'],
      ],
    ],
    [
      ['-d', '-x', '--data', '--'],
      [
        ['data', '-x'],
        ['data', '--'],
      ],
    ],
    [
      ['a', '-s', 'b', '--', '-c'],
      [
        ['url', 'a'],
        ['silent', ''],
        ['url', 'b'],
        ['url', '-c'],
      ],
    ],
    [
      ['--data-b', 'x', '--insec', '--data', 'y'],
      [
        ['data-binary', 'x'],
        ['insecure', ''],
        ['data', 'y'],
      ],
    ],
    [
      ['--no-location', '--no-silent', '--no-buffer', '--buffer'],
      [
        ['location', '', 'off'],
        ['silent', '', 'off'],
        ['no-buffer', ''],
        ['no-buffer', '', 'off'],
      ],
    ],
    [['--no-digest'], [['digest', '', 'off']]],
    [['-d', ''], [['data', '']]],
  ])('%j is read as %j', (words, options) => expect(said(...words)).toEqual(options));
});

describe('what is not supported is refused by name', () => {
  test.each([
    [['-G'], "curl's -G is not supported: it moves the data into the URL"],
    [['--get'], "curl's --get is not supported"],
    [['-sG'], "curl's -G is not supported"],
    [['-K', 'x'], "curl's -K is not supported: leakhunt reads no config file of curl"],
    [['--next'], "curl's --next is not supported"],
    [['-:'], "curl's -: is not supported"],
    [['--digest'], "curl's --digest is not supported"],
    [['--retry', '3'], "curl's --retry is not supported"],
    [['-I'], "curl's -I is not supported"],
    [['--bogus'], '"--bogus" is not an option'],
    [['--request=PUT'], '"--request" is not an option of curl 7.88: write its value after a space'],
    [['-'], '"-" is not an option'],
    [['-€'], '"-€" is not an option'],
    [['--dat', 'x'], '--dat is ambiguous: write --data, --data-ascii'],
    [['--no-data', 'x'], '--no-data turns off an option that takes a value'],
    [['-d'], '-d needs a value'],
    [['-sSXd', '--header'], '--header needs a value'],
  ])('%j is refused: %s', (words, message) => expect(() => readFlags(words)).toThrow(message));
});
