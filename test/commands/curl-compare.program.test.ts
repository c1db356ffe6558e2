import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { afterAll, expect, test } from 'vitest';
import { readRequest } from '../../src/commands/curl/files.js';
import { type Said, urlSaid } from '../../src/commands/curl/flags.js';
import { addCurlOptions, addOtherCurlOptions } from '../../src/commands/curl/group.js';
import { curlRequestOf } from '../../src/commands/curl/line.js';
import { requestOf } from '../../src/commands/curl/request.js';
import { optionsOf } from '../../src/commands/upload/flags.js';
import { planHunt } from '../../src/hunt/plan.js';
import { prepareUploads } from '../../src/hunt/prepare.js';
import { runRound } from '../../src/load/round.js';
import { type Recorded, recordingServer } from '../support/recorded-requests.js';
import { describeWith } from '../support/toolchain.js';

const folder = mkdtempSync(join(tmpdir(), 'leakhunt-curl-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

const files: Record<string, string | Buffer> = {
  'a.txt': 'hello',
  'b.bin': Buffer.from([0, 255, 13, 10, 45, 45, 0]),
  empty: '',
  'x.PNG': 'not an image',
  'page.html': '<p>',
  '.txt': 'a name that is an ending',
  noending: 'x',
  'q"uo;te,s.pdf': 'odd',
  'grüße 日本.svg': '<svg/>',
  'back\\slash.xml': '<x/>',
  'two\nlines.gif': 'GIF',
  'lines.txt': 'one\r\ntwo\n\nthree\n',
  'crossed.txt': `${'line of text = ü '.repeat(20)} \r\nand\ttab \t\r\n${'='.repeat(200)}`,
  long: 'x'.repeat(1000),
  large: 'x'.repeat(1_500_000),
  headers: '# a comment\nX-One: 1\r\n\nX-Two: two\n words\n',
  'request-headers': '# a comment\nX-One: 1\nX-Two: two\n',
};
for (const [name, content] of Object.entries(files)) writeFileSync(at(name), content);
writeFileSync(
  at('jar'),
  [
    '# Netscape HTTP Cookie File',
    '127.0.0.1\tFALSE\t/\tFALSE\t0\tsid\tabc',
    '127.0.0.1\tFALSE\t/up\tFALSE\t4102444800\tdeep\t1',
    '#HttpOnly_127.0.0.1\tFALSE\t/\tFALSE\t0\thidden\tyes',
    '127.0.0.1\tFALSE\t/other\tFALSE\t0\telsewhere\t1',
    '127.0.0.1\tFALSE\t/\tTRUE\t0\tsecure\t1',
    '127.0.0.1\tFALSE\t/\tFALSE\t1000\told\t1',
    '.example.com\tTRUE\t/\tFALSE\t0\tforeign\t1',
    '',
  ].join('\n'),
);

/** `URL` stands for the server's, `@` paths are made absolute by `at`; a text behind `<` is standard input. */
const commands: [args: string[], stdin?: string][] = [
  // Forms.
  [['-F', `file=@${at('a.txt')}`]],
  [['--form', `file=@"${at('a.txt')}"`]],
  [[`-Ffile=@${at('b.bin')}`]],
  [['-F', `file=@${at('x.PNG')}`, '-F', `file=@${at('page.html')}`, '-F', `file=@${at('.txt')}`]],
  [['-F', `file=@${at('noending')}`, '-F', `e=@${at('empty')}`]],
  [['-F', `file=@"${at('q\\"uo;te,s.pdf')}"`]],
  [['-F', `file=@"${at('grüße 日本.svg')}"`]],
  [['-F', `file=@"${at('back\\\\slash.xml')}"`]],
  [['-F', `file=@${at('back\\slash.xml')}`]],
  [['-F', `file=@${at('two\nlines.gif')}`]],
  [['--form-escape', '-F', `file=@"${at('q\\"uo;te,s.pdf')}"`, '-F', 'na"me\\=value']],
  [['-F', 'name=value', '-F', 'empty=', '-F', 'equals=a=b=c', '-F', 'ümlaut=grüße']],
  [['-F', 'na"me=value', '-F', 'two\nlines=value']],
  [['-F', 'padded=  a b  ', '-F', 'quoted="  a; b,  ";type=text/x-own', '-F', 'open="a']],
  [['-F', 'text=a;type=text/plain', '-F', 'json={"a":1};type=application/json']],
  [['-F', 'text=a;type=text/plain; charset=utf-8;filename=a.txt']],
  [['-F', 'text=a;filename=x.png', '-F', 'text=a;filename=x.unknown']],
  [['-F', `text=<${at('a.txt')}`, '-F', `image=<${at('x.PNG')}`, '-F', `t=<${at('b.bin')};type=a/b`]],
  [['-F', `file=@${at('b.bin')};filename=x.txt`, '-F', `file=@${at('a.txt')};filename=x.unknown`]],
  [['-F', `file=@${at('a.txt')};filename="a \\"b\\" \\\\c;d.txt";type=x/y`]],
  [['-F', `file=@${at('a.txt')} ; type=text/x ; filename= spaced name `]],
  [['-F', `file=@"${at('a.txt')}" ignored;type=text/x`]],
  [['-F', `files=@${at('a.txt')},${at('b.bin')};type=image/x,"${at('q\\"uo;te,s.pdf')}"`]],
  [['-F', `f=@${at('a.txt')};headers="X-One: 1";headers="X-Two: a; b"`]],
  [['-F', `f=@${at('a.txt')};headers=@${at('headers')}`, '-F', `g=text;headers=<${at('headers')};type=a/b`]],
  [['-F', 'f=v;headers="Content-Type: x/y"', '-F', 'g=v;headers="content-disposition: own"']],
  [
    [
      '-F',
      `f=@${at('long')};encoder=base64`,
      '-F',
      `e=@${at('empty')};encoder=base64`,
      '-F',
      'g=ab;encoder=base64',
    ],
  ],
  [['-F', `f=@${at('crossed.txt')};encoder=quoted-printable`, '-F', 'g=a=b é ;encoder=quoted-printable']],
  [['-F', 'f=abc;encoder=7bit', '-F', 'g=é;encoder=8bit', '-F', `h=@${at('b.bin')};encoder=binary`]],
  [
    [
      '-F',
      'outer=(;type=multipart/alternative',
      '-F',
      '=plain',
      '-F',
      'n=rich;type=text/html',
      '-F',
      '=)',
      '-F',
      'z=1',
    ],
  ],
  [['-F', 'a=(', '-F', 'b=(;type=multipart/form-data;headers="X-Y: z"', '-F', '=x', '-F', '=)', '-F', 'c=d']],
  [['-F', '=nameless', '-F', `=@${at('a.txt')}`]],
  [['-F', 'file=@-', '-F', 'a=b'], 'from standard input\n'],
  [['-F', 'text=<-;type=text/x'], ''],
  [['-F', 'named=@-;filename=x.pdf;encoder=base64'], 'from standard input\n'],
  [['--form-string', 'f=@a;type=b"', '--form-string', 'g=<x', '-F', 'h=i']],
  [['-F', 'a=b', '-H', 'Content-Type: multipart/mixed; x=1']],
  [['-F', 'a=b', '-H', 'content-type: multipart/form-data; boundary=other']],
  [['-F', `file=@${at('large')}`]],
  // Data.
  [['-d', 'a=1']],
  [['-d', 'a=1', '--data', 'b=2', '--data-ascii', '', '-dc=grüße']],
  [['-d', '', '-d', 'a']],
  [['-d', `@${at('lines.txt')}`, '--data-binary', `@${at('lines.txt')}`]],
  [
    [
      '--data-binary',
      `@${at('b.bin')}`,
      '--data-raw',
      '@nowhere',
      '-H',
      'Content-Type: application/octet-stream',
    ],
  ],
  [['--data-urlencode', 'a b=c d&é~-._*', '--data-urlencode', '=x=y', '--data-urlencode', 'plain text']],
  [['--data-urlencode', `name@${at('b.bin')}`, '--data-urlencode', `@${at('a.txt')}`]],
  [['-d', '@-'], 'a\nb\n'],
  [['--data-binary', '@-'], 'a\nb\n'],
  [['--json', '{"a":1}', '--json', `@${at('lines.txt')}`]],
  [['--json', '1', '-H', 'content-type: application/x', '-H', 'ACCEPT: text/*']],
  [['--json', '1', '-d', 'b']],
  [['-d', 'b', '--json', '1']],
  // A file as the body.
  [['-T', at('a.txt')]],
  [['-T', at('empty'), '-X', 'POST']],
  [['--upload-file', at('b.bin'), '-H', 'Content-Type: application/pdf']],
  [['-T', '-'], 'from standard input'],
  [['-T', '.'], ''],
  // Headers.
  [['-d', 'x', '-H', 'X-One:1', '-H', 'X-Two:   two  ', '-H', 'X-Empty;', '-H', 'X-One: again']],
  [['-d', 'x', '-H', 'Accept:', '-H', 'Content-Type:', '-H', 'User-Agent:', '-H', 'X-Gone:']],
  [['-d', 'x', '-H', 'Accept;', '-H', 'Host: example.org', '-H', 'x-lower: Üml']],
  [['-d', 'x', '-H', `@${at('request-headers')}`, '-H', '']],
  [['-d', 'x', '-H', '@-'], 'X-In: 1\n'],
  [['-d', 'x', '-A', 'agent/1', '-e', 'http://from/', '--compressed']],
  [['-d', 'x', '-A', '', '-e', 'http://from/;auto', '-e', '']],
  [
    [
      '-d',
      'x',
      '-A',
      'agent/1',
      '-H',
      'User-Agent: other',
      '-e',
      'a',
      '-H',
      'Referer:',
      '--compressed',
      '-H',
      'accept-encoding: br',
    ],
  ],
  [['-d', 'x', '-u', 'name:pass:word']],
  [['-d', 'x', '-u', 'name:', '--basic']],
  [['-d', 'x', '-u', 'name:é', '-H', 'Authorization: own']],
  [['-d', 'x', '--oauth2-bearer', 'token', '-u', 'a:b']],
  [['-d', 'x', '-b', 'a=1; b=2', '--cookie', 'c=3']],
  [['-d', 'x', '-b', 'a=1', '-H', 'Cookie: own=1']],
  [['-d', 'x', '-b', at('jar')]],
  [['-d', 'x', '-b', at('jar'), '-b', 'extra=1']],
  [['-d', 'x', '-b', at('jar'), '-H', 'Cookie: own=1']],
  [['-d', 'x', '-b', '', '-c', at('new-jar')]],
  [['-d', 'x', '-H', 'Transfer-Encoding: chunked']],
  [['-d', 'x', '-H', 'Expect: 100-continue']],
  [['-d', 'x', '-x', 'HOST', '-U', 'name:pass', '-u', 'a:b']],
  // How it is written.
  [['-XPATCH', '-sSLku', 'foo:bar', '-d', 'x', '-m', '5.5', '--connect-timeout', '2']],
  [
    [
      '--data-b',
      'x',
      '--insec',
      '--no-location',
      '--http1.1',
      '--no-progress-meter',
      '-#',
      '-o',
      '/dev/null',
    ],
  ],
  [
    [
      '-X',
      'PUT',
      '-X',
      'DELETE',
      '-d',
      'x',
      '-v',
      '-w',
      '%{http_code}',
      '--fail-with-body',
      '--noproxy',
      '*',
    ],
  ],
];

/** URLs of their own, by what follows the server's address. */
const places: [url: string, args: string[]][] = [
  ['', ['-d', 'x']],
  ['?q=1', ['-d', 'x']],
  ['/a/../b/./c?x=/../y#fragment', ['-d', 'x']],
  ['/a%2Fb%20c?d=%7B', ['-d', 'x']],
  ['/up/', ['-T', at('a.txt')]],
  ['', ['-T', at('a.txt')]],
  ['/up/?x=1', ['-T', at('grüße 日本.svg')]],
  ['/up/', ['-T', at('q"uo;te,s.pdf')]],
  ['/up/', ['-T', '-']],
];

const table = [
  ...commands.map(([args, stdin]): [string[], string | undefined] => [[...args, 'URL/up'], stdin]),
  ...places.map(([url, args]): [string[], string | undefined] => [[`URL${url}`, ...args], undefined]),
  [['--url', 'URL/up', '-d', 'x'], undefined] as [string[], undefined],
  [['-d', 'x', '--', 'URL/up'], undefined] as [string[], undefined],
  [['-d', 'x', 'CREDENTIALS/up'], undefined] as [string[], undefined],
  [['-d', 'x', 'CREDENTIALS/up', '-u', 'other:x'], undefined] as [string[], undefined],
  [['-d', 'x', 'HOST/up'], undefined] as [string[], undefined],
];

describeWith('curl', 'leakhunt sends what curl sends', () => {
  test('for enough command lines', () => expect(table.length).toBeGreaterThanOrEqual(40));

  test.each(table.map(([args, stdin]) => ({ title: args.join(' ').replaceAll(folder, ''), args, stdin })))(
    '$title',
    async ({ args, stdin }) => {
      const server = await recordingServer();
      const words = args.map(word =>
        word
          .replace('URL', server.origin)
          .replace('HOST', server.origin.replace('http://', ''))
          .replace('CREDENTIALS', server.origin.replace('//', '//us%40er:p%2fw@')),
      );
      await curl(words, stdin);
      const theirs = server.take();
      await upload(words, stdin);
      const ours = server.take();
      expect(comparable(ours, args)).toEqual(comparable(theirs, args));
      expect(upToBoundary(ours.body)).toBe(upToBoundary(theirs.body));
    },
  );
});

/** What `leakhunt upload` means otherwise, or its parser does not know: its own letters, shortened names. */
const curlAlone = ['--json', '-c', '--', '--data-b', '--insec', '--no-location'];

test('leakhunt upload reads the same flags as leakhunt curl', async () => {
  const shared = table.filter(([args]) => !args.some(word => curlAlone.includes(word)));
  expect(shared.length).toBeGreaterThan(60);
  for (const [args] of shared) {
    const said: Said[] = [];
    const command = new Command('upload').argument('[url]');
    addOtherCurlOptions(addCurlOptions(command, said), said);
    await command.parseAsync(args, { from: 'user' });
    const { withoutEffect: _, ...read } = requestOf([...said, ...command.args.map(urlSaid)]);
    const { withoutEffect: __, ...whole } = curlRequestOf(args);
    expect(read).toEqual(whole);
  }
});

/** Everything but what differs on purpose. */
function comparable({ method, target, headers, body }: Recorded, args: string[]) {
  const length = headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
  if (length !== undefined) expect(Number(length)).toBe(body.length);
  const kept = headers.filter(([name, value]) => {
    switch (name.toLowerCase()) {
      case 'user-agent': // each its own, unless the command gives one
        return !/^(curl|leakhunt)\//.test(value);
      case 'expect': // curl's own for -T
        return args.includes('Expect: 100-continue');
      case 'content-length': // compared with the body above; standard input is chunked by curl, and counted by us
      case 'transfer-encoding':
        return false;
      case 'proxy-connection': // no header of HTTP (RFC 9112, appendix C.2.2), and curl's alone
        return false;
      default:
        return true;
    }
  });
  return {
    method,
    // RFC 3986, section 6.2.2.1: the case of escapes means nothing, and curl writes those of a file's name small.
    target: target.replace(/%[\da-f]{2}/gi, escaped => escaped.toUpperCase()),
    headers: kept
      .map(([name, value]) => `${name.toLowerCase()}: ${value.replace(boundary, 'BOUNDARY')}`)
      .sort(),
  };
}

const boundary = /-{24}[0-9A-Za-z]{16,22}/g;

/** The body with its boundaries numbered in the order in which they come. */
function upToBoundary(body: Buffer): string {
  const found: string[] = [];
  return body.toString('latin1').replace(boundary, text => {
    if (!found.includes(text)) found.push(text);
    return `BOUNDARY ${found.indexOf(text)}`;
  });
}

async function curl(args: string[], stdin = ''): Promise<void> {
  const child = spawn('curl', ['--disable', ...args], { stdio: ['pipe', 'ignore', 'pipe'] });
  child.stdin.on('error', () => {}); // curl need not read it
  child.stdin.end(stdin);
  const code = new Promise(resolve => child.once('close', resolve));
  const words = await text(child.stderr);
  if ((await code) !== 0) throw new Error(`curl ${args.join(' ')}: ${words}`);
}

async function upload(args: string[], stdin = ''): Promise<void> {
  const request = curlRequestOf(args);
  const input = {
    stdin: (async function* () {
      yield Buffer.from(stdin);
    })(),
  };
  const flags = { rounds: 3, warmUp: 2, maxRounds: 96, timeLimit: 600, minUploads: 2000 };
  const options = optionsOf(await readRequest(request, request.url!, input), flags);
  await using prepared = await prepareUploads(planHunt(options));
  const result = await runRound(prepared.requests[0]!, 1, 1);
  expect(result).toMatchObject({ sent: 1, completed: 1 });
}
