import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../support/servers.js';
import { secretFaults } from './rows/secrets.js';
import { shell } from './shell.js';
import { tryAll } from './table.js';

const server = fileURLToPath(new URL('../support/echoing.mjs', import.meta.url));

/** Secrets by where they are given, each one of its own. */
class Canaries {
  readonly given = new Map<string, string>();

  at(place: string): string {
    const canary = `Cq${randomBytes(11).toString('hex')}Z`;
    this.given.set(canary, place);
    return canary;
  }
}

/** Every file below a folder, unpacked where it is packed, and what was printed. */
async function everyByte(folder: string, printed: Record<string, string>): Promise<Map<string, Buffer>> {
  const found = new Map(Object.entries(printed).map(([name, text]) => [name, Buffer.from(text)]));
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name));
    found.set(entry.name, bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes);
    found.set(`the name of ${entry.name}`, Buffer.from(entry.name));
  }
  return found;
}

/** Which secret is where, also in base64 and cut to half its length. */
function leaksIn(outputs: Map<string, Buffer>, { given }: Canaries): string[] {
  return [...given].flatMap(([canary, place]) => {
    const forms = [canary, canary.slice(0, 12), canary.slice(-12), Buffer.from(canary).toString('base64')];
    return [...outputs].flatMap(([name, bytes]) =>
      forms.flatMap(form => {
        const at = bytes.indexOf(form);
        return at < 0 ? [] : `${place} in ${name}: ${bytes.subarray(Math.max(0, at - 60), at + 60)}`;
      }),
    );
  });
}

const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

/** What a request is given, in which each flag carries a secret. */
const requests: Record<string, (canaries: Canaries) => string[]> = {
  'a form': canaries => [
    ...['-F', `note=${canaries.at('-F')}`],
    ...['-F', `two=a b ${canaries.at('-F behind blanks')}`],
    ...['-F', `part=x;headers="X-Part: ${canaries.at(';headers=')}"`],
    ...['-F', `file=@body.txt;headers="X-File: ${canaries.at(';headers= of a file')}"`],
    ...['--form-string', `at=@${canaries.at('--form-string @')}`],
  ],
  '-d': canaries => ['-d', `a=1&b=${canaries.at('-d')}`, '-d', `{"c":"${canaries.at('JSON in -d')}"}`],
  '--data-raw': canaries => [
    ...['-H', `Authorization: Bearer ${canaries.at('-H Authorization')}`],
    ...['--data-raw', `@${canaries.at('--data-raw')}`],
  ],
  '--data-binary': canaries => ['--data-binary', canaries.at('--data-binary')],
  '--data-urlencode': canaries => [
    ...['--data-urlencode', `a=x y/${canaries.at('--data-urlencode')}`],
    ...['--data-urlencode', canaries.at('--data-urlencode without a name')],
  ],
  credentials: canaries => ['-u', `ann:${canaries.at('-u')}`, '-d', 'a=b'],
  'a bearer token': canaries => ['--oauth2-bearer', canaries.at('--oauth2-bearer'), '-d', 'a=b'],
  'a proxy': canaries => [
    ...['-x', `http://ann:${canaries.at('-x')}@127.0.0.1:PORT`, '-d', 'a=b'],
    ...['-U', `joe:${canaries.at('-U')}`],
  ],
};

const reports = [
  ...['--json', 'r.json', '--html', 'r.html', '--junit', 'r.xml', '--markdown', 'r.md'],
  ...['--csv', 'r.csv', '--prometheus', 'r.prom', '--profiles', 'profiles'],
];

describe('no secret of a hunt is in any byte of any output', () => {
  test.each(
    Object.entries(requests).flatMap(([name, request]) =>
      ['lives', 'dies'].map(mode => [name, mode, request] as const),
    ),
  )('given %s, to a target that %s', async (name, mode, request) => {
    const canaries = new Canaries();
    const folder = await mkdtemp(join(tmpdir(), 'leakhunt-secrets-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'body.txt'), 'a file');
    await writeFile(join(folder, 'headers.txt'), `X-From-File: ${canaries.at('-H @file')}\n`);
    const port = await freePort();
    const given = request(canaries).map(word => word.replace('PORT', String(port)));
    const user = canaries.at('the user in the URL');
    const url = `http://${user}:${canaries.at('the password in the URL')}@127.0.0.1:${port}/upload?key=${canaries.at('the query')}#${canaries.at('the fragment')}`;
    const start = [
      `OWN=${canaries.at('an assignment in --start')} node ${server} ${port} ${mode}`,
      `--password ${canaries.at('an option of --start')} --x=${canaries.at('--x= of --start')}`,
      `-p${canaries.at('-p of --start')} ${canaries.at('a word of --start')}`,
      `"a ${canaries.at('a quoted word of --start')}"`,
    ];
    const words = [
      ...['upload', url, ...given],
      ...['-H', `X-Api-Key: ${canaries.at('-H X-Api-Key')}`, '-H', '@headers.txt'],
      ...['-b', `sid=${canaries.at('-b')}; other=${canaries.at('-b, the second')}`],
      ...['-e', `http://ref.test/?q=${canaries.at('-e')}`],
      ...['--start', start.join(' ')],
      ...['--stop', `echo ${canaries.at('--stop')} >&2; false`],
      ...['--env', `DATABASE_URL=postgres://app:${canaries.at('a URL of --env')}@db/app`],
      ...['--env', `PLAIN=${canaries.at('--env')}`],
      ...['--ready', `http://127.0.0.1:${port}/ready?t=${canaries.at('--ready')}`],
      ...['-n', '20', '-c', '4', '--rounds', '4', '--warm-up', '1', '--max-failed', '100%'],
      ...[
        '--probe',
        'auto',
        '--probe',
        `prometheus=http://u:${canaries.at('--probe')}@127.0.0.1:${port}/metrics?k=${canaries.at('the query of --probe')}`,
      ],
      ...['--settle', '0.05', '--drain', '0.1', ...reports],
    ];
    const env = {
      INHERITED: canaries.at('the environment'),
      INHERITED_URL: `redis://:${canaries.at('a URL of the environment')}@cache:6379/0`,
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
    };
    const ran = await shell(`leakhunt ${words.map(quote).join(' ')}`, folder, { env });
    await rm(join(folder, 'headers.txt'));
    const outputs = await everyByte(folder, { 'standard output': ran.stdout, 'standard error': ran.stderr });
    expect(ran.code, ran.stderr).toBe(mode === 'dies' ? 4 : 3);
    for (const report of ['r.json', 'r.html', 'r.xml', 'r.md', 'r.csv', 'r.prom', 'summary.md']) {
      expect([...outputs.keys()]).toContain(report);
    }
    // What is looked through did hold secrets. The server is no proxy that leads to an inspector.
    if (name !== 'a proxy') expect(outputs.get('heap-last.heapprofile')?.includes('*'.repeat(20))).toBe(true);
    expect(leaksIn(outputs, canaries)).toEqual([]);
  });
});

tryAll(secretFaults);
