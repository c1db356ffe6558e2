import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { bodyOf, serve } from '../support/servers.js';
import { runCli } from '../support/streams.js';

const folder = mkdtempSync(join(tmpdir(), 'leakhunt-curl-'));
afterAll(() => rmSync(folder, { recursive: true }));
const foo = join(folder, 'foo.txt');
writeFileSync(foo, 'foo');
const notes = join(folder, 'notes.txt');
writeFileSync(notes, 'secret=value\n');

interface Seen {
  method: string;
  url: string;
  authorization?: string;
  body: string;
}

/** A server that remembers its uploads and says how much it holds: nothing. */
async function target(): Promise<{ origin: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const listener: RequestListener = async (request, response) => {
    if (request.url === '/stats') return void response.end('{"held":1}');
    const body = (await bodyOf(request)).toString();
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, authorization: headers.authorization, body });
    response.end('ok');
  };
  return { origin: await serve(listener), seen };
}

const short = (origin: string) => [
  ...[
    '--n',
    '2',
    '--rounds',
    '3',
    '--warm-up',
    '0',
    '--settle',
    '0.01',
    '--quiet',
    '--no-save',
    '--allow-inconclusive',
  ],
  ...['--probe', `json=${origin}/stats#/held;unit=bytes;name=heap`],
];

describe('a request as curl has it is hunted with', () => {
  test('by leakhunt upload, its URL among the flags', async () => {
    const { origin, seen } = await target();
    const flags = ['--location', `${origin}/upload`, '--header', 'Authorization: Bearer TOKEN'];
    const ran = await runCli(['upload', ...flags, '--form', `file=@"${foo}"`, ...short(origin)]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(seen).toHaveLength(6);
    for (const { method, url, authorization, body } of seen) {
      expect({ method, url, authorization }).toEqual({
        method: 'POST',
        url: '/upload',
        authorization: 'Bearer TOKEN',
      });
      expect(body).toContain('filename="foo.txt"\r\nContent-Type: text/plain\r\n\r\nfoo\r\n');
    }
  });

  test('by leakhunt curl, in one word, with what changes nothing named', async () => {
    const { origin, seen } = await target();
    const command = `curl '${origin}/up/' \\\n  -sS -T '${foo}' \\\n  -u name:pass -o /dev/null`;
    const ran = await runCli(['curl', ...short(origin), '--', command]);
    expect(ran).toMatchObject({
      code: 0,
      stderr: 'leakhunt: ignored, because it has no effect on uploads: -s, -S, -o\n',
    });
    expect(seen).toHaveLength(6);
    expect(seen[0]).toEqual({
      method: 'PUT',
      url: '/up/foo.txt',
      authorization: `Basic ${Buffer.from('name:pass').toString('base64')}`,
      body: 'foo',
    });
  });

  test('by leakhunt curl, with a generated file where the command has none', async () => {
    const { origin, seen } = await target();
    const ran = await runCli([
      'curl',
      ...short(origin),
      '--size',
      '100B',
      '--',
      'curl',
      '-H',
      'X: y',
      origin,
    ]);
    expect(ran.code).toBe(0);
    expect(seen[0]!.body).toContain('name="file"; filename="');
  });
});

describe('leakhunt curl refuses with exit 2', () => {
  test.each([
    [['curl'], 'There is no curl command after --'],
    [['curl', '--n', '5'], 'There is no curl command after --'],
    [['curl', 'curl -d x http://h/'], 'There is no curl command after --'],
    [['curl', '-F', 'a=b', 'http://h/'], "(curl's own options go after --"],
    [['curl', '--', 'curl', 'http://h/'], 'uploads nothing: add -F, -d or -T'],
    [['curl', '--size', '1kB', '--', '-d', 'x', 'http://h/'], 'use only one of them'],
    [['curl', '--', '-d', 'x', 'http://h/', '-X', 'HEAD'], '-X "HEAD" is not a method'],
    [['upload', '-G', 'http://h/'], "curl's -G/--get is not supported"],
    [['upload', '--digest', '-d', 'x', 'http://h/'], "curl's --digest is not supported"],
    [['upload', '--retry', '3', '-d', 'x', 'http://h/'], "curl's --retry is not supported"],
  ])('%j, with %j', async (args, words) => {
    const ran = await runCli(args);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(words);
    expect(ran.stderr).not.toContain('    at ');
  });
});

describe('a file that cannot be read is refused with exit 2 and its path', () => {
  const missing = join(folder, 'nowhere');
  test.each([
    [['-d', `@${missing}`]],
    [['--data-binary', `@${missing}`]],
    [['--data-urlencode', `a@${missing}`]],
    [['--json', `@${missing}`]],
    [['-T', missing]],
    [['-F', `f=<${missing}`]],
    [['-F', `f=a;headers=@${missing}`]],
    [['-d', 'x', '-H', `@${missing}`]],
    [['-d', 'x', '--cacert', missing]],
    [['-d', 'x', '--cert', `${missing}:secret`]],
    [['-d', 'x', '--cert', missing, '--key', missing, '--pass', 'secret']],
  ])('%j', async args => {
    const ran = await runCli(['curl', '--', 'https://127.0.0.1:1/', ...args]);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(missing);
    expect(ran.stderr).not.toContain('secret');
  });
});

describe('no error shows a secret', () => {
  const url = 'http://name:secret@127.0.0.1:1/';
  test.each([
    [['-u', 'name:secret', '--bogus']],
    [['--user=name:secret']],
    [['-H', 'Authorization: Bearer secret\r\nX: y']],
    [['-H', 'Authorization Bearer secret']],
    [['-b', 'secret']],
    [['-b', notes]],
    [['-H', `@${notes}`]],
    [['-x', 'ftp://name:secret@proxy/']],
    [['-x', 'socks5://name:secret@proxy:1', '-U', 'other:secret']],
    [['--oauth2-bearer', 'secret', '-m', 'x']],
    [['--pass', 'secret', '--key', foo]],
    [['--cert', `${foo}:secret`]],
    [['-F', 'password=secret', '-d', 'secret']],
    [['-F', 'password=secret;bogus']],
    [[`${url}?token=secret`]],
  ])('%j', async args => {
    const ran = await runCli(['curl', '--', ...args, '-d', 'x', url.replace('http:', 'https:')]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/^leakhunt: /);
    expect(ran.stderr).not.toContain('secret');
  });
});
