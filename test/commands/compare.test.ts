import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { nameOfTarget } from '../../src/commands/compare/sides.js';
import type { Comparison } from '../../src/compare/comparison.js';
import { recordedHunt } from '../support/hunts.js';
import { freePort } from '../support/servers.js';
import { runCli } from '../support/streams.js';

const record = (name: string) =>
  fileURLToPath(new URL(`../../fixtures/captures/hunts/${name}.json`, import.meta.url));
const [leak, flat, open] = ['leak', 'flat', 'inconclusive'].map(record) as [string, string, string];

async function folder() {
  const path = await mkdtemp(join(tmpdir(), 'leakhunt-test-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

async function written(content: unknown): Promise<string> {
  const path = join(await folder(), 'record.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** What every refusal has in common: no stack trace, and nothing on standard output. */
async function refusal(args: string[], code: number, ...words: string[]) {
  const ran = await runCli(args);
  expect(ran).toMatchObject({ code, stdout: '' });
  expect(ran.stderr).not.toContain('    at ');
  for (const word of words) expect(ran.stderr).toContain(word);
}

describe('compare of two records', () => {
  test.each<[string[], number, string]>([
    [[leak, flat], 0, 'Better: flat now; before, each upload left 772 B of heap'],
    [[flat, leak], 1, 'Worse: each upload leaves 748 B of heap'],
    [[flat, flat], 0, 'No worse'],
    [[flat, open, '--force'], 3, 'Inconclusive'],
    [[flat, open, '--force', '--allow-inconclusive'], 0, 'Inconclusive'],
    [
      [flat, leak, '--max-growth', '4kB', '--max-growth', 'goroutines=2', '--max-growth', 'heap-objects=5'],
      0,
      'No worse',
    ],
  ])('%j ends with %i: %s', async (args, code, words) => {
    const ran = await runCli(['compare', ...args]);
    expect(ran).toMatchObject({ code, stderr: '' });
    expect(ran.stdout.replace(/\s+/g, ' ')).toContain(words);
  });

  test('writes the comparison as JSON and as Markdown', async () => {
    const path = await folder();
    const [json, markdown] = [join(path, 'c.json'), join(path, 'c.md')];
    await runCli(['compare', flat, leak, '--json', json, '--markdown', markdown]);
    expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({
      schemaVersion: 1,
      outcome: 'regression',
      exitCode: 1,
      before: { runtime: 'go', concurrency: 10 },
    });
    expect(await readFile(markdown, 'utf8')).toContain('### leakhunt compare: worse');
  });

  test('with --json - has standard output to itself', async () => {
    const { stdout } = await runCli(['compare', flat, leak, '--json', '-']);
    expect((JSON.parse(stdout) as Comparison).outcome).toBe('regression');
  });
});

describe('compare refuses', () => {
  test('nothing, or one side', async () => {
    await refusal(['compare'], 2, 'nothing to compare');
    await refusal(['compare', leak], 2, 'is only one side');
    await refusal(['compare', 'http://127.0.0.1:1/'], 2, 'nothing to compare');
  });
  test('a file that is not there', () =>
    refusal(['compare', 'nope.json', flat], 2, '"nope.json" could not be read'));
  test('what is not JSON', async () => refusal(['compare', await written('{'), flat], 2, 'is not JSON'));
  test('what is no record', async () =>
    refusal(['compare', flat, await written({ a: 1 })], 2, 'is not a record'));
  test('a comparison in place of a record', async () => {
    const { stdout } = await runCli(['compare', flat, leak, '--json', '-']);
    await refusal(['compare', flat, await written(stdout)], 2, 'is not a record');
  });
  test('a record of a later version', async () =>
    refusal(
      ['compare', flat, await written({ ...recordedHunt('flat'), schemaVersion: 2 })],
      2,
      'schemaVersion 2',
    ));
  test('with exit 4, a hunt that measured nothing', async () => {
    const error = { code: 'TARGET_LOST', message: 'Process 1 ended.' };
    const path = await written({ ...recordedHunt('flat'), exitCode: 4, error });
    await refusal(['compare', flat, path], 4, 'contains no measurement (Process 1 ended.)', 'hunt it again');
  });
  test('what was measured differently, unless it is forced', () =>
    refusal(['compare', flat, open], 2, 'had 100 uploads per round', '--force'));
  test('even then, scenarios that have nothing in common', async () => {
    const other = await written({ ...recordedHunt('flat'), scenario: 'abort@50%' });
    await refusal(['compare', flat, other, '--force'], 2, 'Only');
  });
  test('what would change nothing', async () => {
    await refusal(['compare', flat, leak, '-n', '5'], 2, '--n says how to hunt');
    await refusal(['compare', flat, leak, '-H', 'X: y'], 2, '--header says how to hunt');
    await refusal(['compare', flat, leak, '--start-after', 'true'], 2, 'is a record');
  });
  test('a folder to write to', () =>
    refusal(['compare', flat, leak, '--json', tmpdir()], 2, 'it is a folder'));
});

describe('compare of two servers', () => {
  test('of which one is a record is refused before the hunt where its load is another', () =>
    refusal(['compare', flat, 'http://127.0.0.1:1/', '-c', '5'], 2, 'had 10 concurrent uploads', '--force'));

  test('refuses a target that is not there with exit 4', async () => {
    const [a, b] = [await freePort(), await freePort()];
    await refusal(['compare', `http://127.0.0.1:${a}/`, `http://127.0.0.1:${b}/`], 4, 'Nothing is listening');
  });
});

test('a side is called by its command or its URL, without what is secret in them', () => {
  const url = 'http://name:s3cret@127.0.0.1:1/?token=s3cret';
  const start = { command: 'TOKEN=s3cret node server.js --password s3cret' };
  expect(nameOfTarget({ url })).toBe('http://127.0.0.1:1/?token=***');
  expect(nameOfTarget({ url, start })).toBe('TOKEN=*** node server.js --password ***');
});

describe('upload with --baseline refuses before the hunt', () => {
  const upload = (...args: string[]) => ['upload', 'http://127.0.0.1:1/', '--baseline', ...args];
  test('a file that is not there', () => refusal(upload('nope.json'), 2, '"nope.json" could not be read'));
  test('a hunt that measured nothing', async () => {
    const error = { code: 'TARGET_LOST', message: 'Process 1 ended.' };
    await refusal(upload(await written({ ...recordedHunt('flat'), error })), 2, 'contains no measurement');
  });
  test('one that was measured differently', () =>
    refusal(upload(flat, '--size', '1kB', '-c', '5'), 2, '1,000 B of text', 'this hunt 5', 'new baseline'));
});
