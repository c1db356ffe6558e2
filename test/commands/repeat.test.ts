import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { splitWords } from '../../src/commands/curl/words.js';
import { repeatingCommand } from '../../src/commands/history/repeat.js';
import { quoted } from '../../src/commands/history/shell-quote.js';

const upload = (...words: string[]) => repeatingCommand(['upload', ...words]).replace('leakhunt upload ', '');
const curl = (...words: string[]) =>
  repeatingCommand(['curl', '--', 'curl', ...words]).replace('leakhunt curl -- curl ', '');

describe('the command that repeats a hunt', () => {
  test('is the words of the command line, as a shell reads them', () => {
    const words = [
      'upload',
      'http://localhost:8000/upload',
      '-n',
      '100',
      '-F',
      'file=@"./a b.pdf";type=x/y',
      "it's",
    ];
    const command = repeatingCommand(words);
    expect(splitWords(command)).toEqual(['leakhunt', ...words]);
    expect(command).toContain(`-F 'file=@"./a b.pdf";type=x/y'`);
  });

  test.each([
    [['-H', 'Authorization: Bearer abcdef'], `-H 'Authorization: ***'`],
    [['-HX-Api-Key: abcdef'], `'-HX-Api-Key: ***'`],
    [['--header=Cookie: a=b'], `'--header=Cookie: ***'`],
    [['-H', 'Accept: text/plain'], `-H 'Accept: text/plain'`],
    [['-H', 'Expect:', '-H', '@headers.txt'], `-H Expect: -H @headers.txt`],
    [['-u', 'joe:secret'], `-u '***'`],
    [['-kujoe:secret'], `'-ku***'`],
    [['-ku', 'joe:secret'], `-ku '***'`],
    [['--user', 'joe:secret', '-n', '5'], `--user '***' -n 5`],
    [['-b', 'sid=secret'], `-b '***'`],
    [['-b', 'jar.txt'], `-b jar.txt`],
    [['-U', 'joe:secret', '-x', 'http://joe:secret@proxy:8080'], `-U '***' -x http://proxy:8080/`],
    [['--cert', 'me.pem:secret', '--pass', 'secret'], `--cert 'me.pem:***' --pass '***'`],
    [['--env', 'TOKEN=secret', '--env=A=secret'], `--env 'TOKEN=***' '--env=A=***'`],
    [
      ['--start', 'DB=secret node app.js --token secret --port 80'],
      `--start 'DB=*** node app.js --token *** --port 80'`,
    ],
    [['https://joe:secret@host/up?key=secret&x=secret'], `'https://host/up?key=***&x=***'`],
    [['joe:secret@host/up'], `host/up`],
    [['--url', 'http://host/?secret'], `--url 'http://host/?***'`],
    [['--probe', 'prometheus=http://joe:secret@host/metrics'], `--probe prometheus=http://host/metrics`],
    [['-F', 'password=secret', '-F', 'name=report'], `-F 'password=***' -F 'name=***'`],
    [
      ['-d', 'secret', '--data-raw', '@secret', '-d', '@body.json'],
      `-d '***' --data-raw '***' -d @body.json`,
    ],
    [['-F', 'a=secret;type=a/b;headers=@h.txt'], `-F 'a=***;type=a/b;headers=@h.txt'`],
    [['-F', 'a=@b.txt;headers="K: secret";filename=c'], `-F 'a=@b.txt;headers=***;filename=c'`],
    [['--form-string', 'a=@secret'], `--form-string 'a=***'`],
    [
      ['--data-urlencode', 'secret', '--data-urlencode', 'a=secret'],
      `--data-urlencode '***' --data-urlencode 'a=***'`,
    ],
    [['http://host/up#secret'], `'http://host/up#***'`],
    [['--oauth2-bearer', 'secret'], `--oauth2-bearer '***'`],
    [['--json', 'out.json', '-q'], `--json out.json -q`],
  ])('hides what is secret: %j', (words, shown) => {
    expect(upload(...words)).toBe(shown);
    expect(upload(...words)).not.toMatch(/secret/);
  });

  test('hides it in a curl command, also in one word', () => {
    expect(curl('-sSLujoe:secret', '--json', '{"key":"secret"}', 'http://a/')).toBe(
      `'-sSLu***' --json '***' http://a/`,
    );
    expect(curl('--heade', 'X-Key: secret', 'http://a/')).not.toContain('secret');
    const pasted = repeatingCommand([
      'curl',
      '-n',
      '5',
      '--',
      `curl 'http://a/?t=secret' -H 'cookie: secret' -F file=@a`,
    ]);
    expect(pasted).toBe(`leakhunt curl -n 5 -- curl 'http://a/?t=***' -H 'cookie: ***' -F file=@a`);
  });
});

test.each(['', 'a b', "it's", '"$HOME" `id`', 'a\nb', '***', '-x', '\\', 'ü'])(
  'a quoted word is one to a shell: %j',
  word => {
    expect(execFileSync('sh', ['-c', `printf %s ${quoted(word)}`]).toString()).toBe(word);
  },
);
