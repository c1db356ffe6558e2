import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/commands/config/config.js';
import { keysOf } from '../../src/commands/config/keys.js';
import { curlOptions } from '../../src/commands/curl/table.js';
import { checkedHunts } from '../../src/commands/run/hunts.js';
import { addUploadOptions } from '../../src/commands/upload/command.js';
import { countingServer, short } from '../support/counting.js';
import { runCli } from '../support/streams.js';

/** How a configuration refers to a variable. */
const at = (name: string) => `\${${name}}`;

async function folderWith(files: Record<string, string | object>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'leakhunt-config-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

/** What a short hunt under this configuration did. */
async function hunted(config: object, args: string[] = [], env: Record<string, string> = {}) {
  const server = await countingServer();
  const settings = { ...short, rounds: 3, url: server.url, probe: [server.probe], ...config };
  const cwd = await folderWith({ 'leakhunt.config.json': settings });
  const ran = await runCli(['upload', '--json', '-', ...args], { cwd, env });
  expect(ran.stderr).toBe('');
  return { record: JSON.parse(ran.stdout), requests: server.requests };
}

async function refused(config: object | string, env: Record<string, string> = {}): Promise<string> {
  const cwd = await folderWith({ 'leakhunt.config.json': config });
  const ran = await runCli(['upload', 'http://127.0.0.1:1/'], { cwd, env });
  expect(ran).toMatchObject({ code: 2, stdout: '' });
  return ran.stderr;
}

describe('a configuration', () => {
  test('sets what the flags set: values, switches, lists and objects', async () => {
    const { record, requests } = await hunted({
      n: 6,
      keepalive: false,
      header: { 'X-One': 'first', 'X-Two': 2 },
      form: ['note=hello', 'more=there'],
      size: null,
      maxGrowth: { 'open-files': 0.2 },
      maxFailed: 0.5,
    });
    expect(record.load.uploadsPerRound).toBe(6);
    expect(requests[0]!.headers).toMatchObject({ 'x-one': 'first', 'x-two': '2', connection: 'close' });
    expect(requests[0]!.body).toMatch(/name="note".*hello.*name="more"/s);
    expect(record.resources[0]).toMatchObject({ name: 'open-files', margin: 0.2 });
  });

  test('gives way to the environment, and both to flags; what sets a list replaces it', async () => {
    const config = { n: 4, concurrency: 1, header: ['X-A: file', 'X-B: file'] };
    const env = { LEAKHUNT_N: '6', LEAKHUNT_CONCURRENCY: '3', LEAKHUNT_SEED: '' };
    const { record, requests } = await hunted(config, ['-n', '8', '-H', 'X-C: flag'], env);
    expect(record.load).toMatchObject({ uploadsPerRound: 8, concurrency: 3 });
    expect(requests[0]!.headers).toMatchObject({ 'x-c': 'flag' });
    expect(requests[0]!.headers).not.toHaveProperty('x-a');
  });

  test('gives way to a URL on the command line or in LEAKHUNT_URL', async () => {
    const other = await countingServer();
    const { requests } = await hunted({ probe: [other.probe] }, [other.url]);
    expect(requests).toEqual([]);
    await hunted({ probe: [other.probe] }, [], { LEAKHUNT_URL: other.url });
    expect(other.requests.length).toBe(60 + 20);
  });

  test('takes secrets from the environment, and a doubled dollar for one that stands', async () => {
    const header = { Authorization: `Bearer ${at('TOKEN')}`, 'X-Shell': `$${at('TOKEN')}` };
    const { record, requests } = await hunted({ header }, [], { TOKEN: 'abc$&' });
    expect(requests[0]!.headers).toMatchObject({ authorization: 'Bearer abc$&', 'x-shell': at('TOKEN') });
    expect(JSON.stringify(record)).not.toContain('abc$&');
  });

  test.each([
    ['leakhunt.config.mjs', 'export default { n: 5 };'],
    ['leakhunt.config.mjs', 'export default async () => ({ n: await 5 });'],
    ['package.json', { name: 'x', leakhunt: { n: 5 } }],
    ['deep/ci.json', { n: 5 }],
  ])('may be %s: %j', async (name, content) => {
    const server = await countingServer();
    const cwd = await folderWith({ [name]: content });
    const flags = ['-c', '2', '--rounds', '3', '--settle', '0.01', '--probe', server.probe, '--no-save'];
    const chosen = name.startsWith('deep') ? ['--config', name] : [];
    const ran = await runCli(['upload', server.url, '--json', '-', ...flags, ...chosen], { cwd });
    expect(JSON.parse(ran.stdout).load.uploadsPerRound).toBe(5);
    const without = await runCli(['upload', server.url, '--json', '-', ...flags, '--no-config'], { cwd });
    expect(JSON.parse(without.stdout).load.uploadsPerRound).toBe(100);
  });

  test('of a parent folder is not taken', async () => {
    const cwd = await folderWith({ 'leakhunt.config.mjs': 'throw new Error("run");', 'below/x': '' });
    const ran = await runCli(['upload', 'http://127.0.0.1:1/'], { cwd: join(cwd, 'below') });
    expect(ran.code).toBe(4);
  });
});

describe('what is wrong in a configuration is told by file and key', () => {
  test.each([
    [
      { hunts: { a: { maxGrowth: ['1KiB', '10x'] } } },
      'leakhunt.config.json: hunts.a.maxGrowth[1]: "10x" is not an amount above zero',
      ['run'],
    ],
  ])('in a named hunt: %j', async (config, words, args) => {
    const cwd = await folderWith({ 'leakhunt.config.json': config });
    const ran = await runCli(args, { cwd });
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
  });

  test.each([
    [{ maxgrowth: '1B' }, 'maxgrowth: there is no such key: did you mean "maxGrowth"?'],
    [{ headers: [] }, 'headers: there is no such key: did you mean "header"?'],
    [{ c: 1 }, 'c: there is no such key: did you mean "concurrency"?'],
    [{ silent: true }, 'silent: there is no such key'],
    [{ zzz: 1 }, 'the keys are the options in leakhunt upload --help-all'],
    [{ hunt: {} }, 'did you mean "hunts"?'],
    [{ n: 'ten' }, 'n: "ten" is not a whole number'],
    [{ n: [1] }, 'n: a list is neither a text nor a number'],
    [{ unique: 'yes' }, 'unique: a text is not true or false'],
    [{ kind: 'jpeg' }, 'kind: "jpeg" is refused: Allowed choices are text,'],
    [{ probe: ['auto', 'magic'] }, 'probe[1]: "magic" does not name a source'],
    [{ env: { PORT: {} } }, 'env.PORT: an object is neither a text nor a number'],
    [{ env: ['PORT'] }, 'env[0]: "***" is not KEY=VALUE'],
    [{ form: ['foo.txt'] }, 'form[0]: "foo.txt" has no name'],
    [{ header: 'nonsense' }, 'header: "nonsense" is not a header'],
    [{ url: 'ftp://x/' }, 'url: "ftp://" is not a scheme'],
    [{ size: '10XB' }, 'size: "10XB" is not a size'],
    [{ scenario: 'explode' }, 'scenario: '],
    [{ hunts: [] }, 'hunts: a list is not an object of keys'],
    [{ hunts: { a: 1 } }, 'hunts.a: a number is not an object of keys'],
    [{ hunts: { '../a': {} } }, 'hunts["../a"]: a name may only contain letters'],
    [{ header: [`X: ${at('NOT_THERE')}`] }, `header[0]: ${at('NOT_THERE')} is not set: set NOT_THERE`],
    ['[]', 'the whole: a list is not an object of keys'],
    ['{ n: 1 }', 'leakhunt.config.json could not be read ('],
  ])('%j is told by %j', async (config, words) => {
    const told = await refused(config);
    expect(told).toContain(words);
    expect(told).toContain('leakhunt.config.json');
  });

  test('without the value, where that came from the environment', async () => {
    const told = await refused({ maxGrowth: [at('SECRET')] }, { SECRET: 'hunter2' });
    expect(told).toContain(`maxGrowth[0]: "${at('SECRET')}" is not an amount`);
    expect(told).not.toContain('hunter2');
  });

  test('two of them in one folder', async () => {
    const cwd = await folderWith({ 'leakhunt.config.json': {}, 'package.json': { leakhunt: {} } });
    const ran = await runCli(['upload'], { cwd });
    expect(ran.stderr).toContain('There are leakhunt.config.json and package.json#leakhunt: keep only one');
  });

  test.each([
    ['nowhere.json', 'contains no configuration'],
    ['config.yaml', 'is neither a .json nor an .mjs file'],
    ['empty.mjs', 'empty.mjs could not be read (it has no default export)'],
  ])('--config %s', async (name, words) => {
    const cwd = await folderWith({ 'empty.mjs': 'export const n = 1;' });
    const ran = await runCli(['upload', '--config', name], { cwd });
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
  });
});

test.each([
  ['LEAKHUNT_N', 'x', 'LEAKHUNT_N: -n "x" is not a whole number'],
  ['LEAKHUNT_UNIQUE', 'yes', 'LEAKHUNT_UNIQUE "yes" is neither true nor false'],
])('what is wrong in %s is told by its name', async (name, value, words) => {
  expect(await refused({}, { [name]: value })).toContain(words);
});

test('the example of docs/config.md is one that leakhunt takes', async () => {
  const text = await readFile(new URL('../../docs/config.md', import.meta.url), 'utf8');
  const cwd = await folderWith({ 'leakhunt.config.json': /```json\n(.*?)```/s.exec(text)![1]! });
  const config = await readConfig(undefined, { cwd: () => cwd, env: {} });
  const command = new Command('run');
  addUploadOptions(command);
  const [avatars, videos] = await checkedHunts(command, config!, ['avatars', 'videos'], [], { TOKEN: 'x' });
  expect(avatars!.flags).toMatchObject({ n: 50, junit: 'reports/avatars.xml' });
  expect(avatars!.request.form).toHaveLength(1);
  expect(videos!.flags).toMatchObject({ n: 20, size: '20MB', maxGrowth: ['heap=1KiB'] });
});

// So is each of curl's that changes nothing, which no help shows.
test('every flag of upload that the help shows is a key', () => {
  const command = new Command('upload');
  addUploadOptions(command);
  const keys = keysOf(command);
  const idle = new Set(curlOptions.filter(each => each.idle).map(({ name }) => name));
  const shown = command.options
    .filter(option => !option.hidden || idle.has(option.name()))
    .map(option => option.attributeName());
  const own = ['config', 'bisect', 'debug'];
  expect([...keys.keys()].sort()).toEqual([...new Set(shown)].filter(name => !own.includes(name)).sort());
  expect(keys.get('maxGrowth')).toMatchObject({ kind: 'list', joint: '=', variable: 'LEAKHUNT_MAX_GROWTH' });
  expect(keys.get('keepalive')).toMatchObject({ kind: 'switch', off: { long: '--no-keepalive' } });
  expect(keys.get('json')).toMatchObject({ kind: 'value', isCurls: false, isPath: true });
  expect(keys.get('form')).toMatchObject({ kind: 'list', isCurls: true });
});
