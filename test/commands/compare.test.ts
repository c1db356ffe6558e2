import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { nameOfTarget } from '../../src/commands/compare/compare-sides.js';
import type { Comparison } from '../../src/hunt/comparison.js';
import type { Hunt } from '../../src/hunt/record.js';
import { startDemo } from '../../src/target/demo.js';
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
    [[leak, flat], 0, 'Better: flat where each upload left 772 B of heap'],
    [[flat, leak], 1, 'Worse: each upload leaves 748 B of heap'],
    [[flat, flat], 0, 'No worse'],
    [[flat, open, '--force'], 3, 'Not told apart'],
    [[flat, open, '--force', '--allow-inconclusive'], 0, 'Not told apart'],
    [
      [flat, leak, '--max-growth', '4kB', '--max-growth', 'goroutines=2', '--max-growth', 'heap-objects=5'],
      0,
      'No worse',
    ],
  ])('%j', async (args, code, words) => {
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
    await refusal(['compare'], 2, 'no two sides');
    await refusal(['compare', leak], 2, 'is one side');
    await refusal(['compare', 'http://127.0.0.1:1/'], 2, 'no two sides');
  });
  test('a file that is not there', () =>
    refusal(['compare', 'nope.json', flat], 2, '"nope.json" cannot be read'));
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
    await refusal(['compare', flat, path], 4, 'holds no measurement (Process 1 ended.)', 'hunt it again');
  });
  test('what was measured differently, unless it is forced', () =>
    refusal(['compare', flat, open], 2, 'had 100 uploads in a round', '--force'));
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

const quick = [
  '-n',
  '10',
  '--size',
  '10kB',
  '--min-uploads',
  '0',
  '--settle',
  '0.05',
  '--max-growth',
  '4KiB',
];

describe('compare of two servers', () => {
  test('hunts them in turn: a leak and its fix are an improvement, and a regression the other way', async () => {
    const [leaky, fixed] = [await startDemo('buffers'), await startDemo('none')];
    onTestFinished(() => leaky.stop());
    onTestFinished(() => fixed.stop());
    const cwd = await folder();
    const ran = await runCli(['compare', leaky.url, fixed.url, ...quick, '--rounds', '24', '--json', '-'], {
      cwd,
    });
    const comparison: Comparison = JSON.parse(ran.stdout);
    const buffers = comparison.scenarios[0]!.resources.find(({ name }) => name === 'array-buffers')!;
    expect(buffers).toMatchObject({ outcome: 'improvement', before: { verdict: 'leak' } });
    expect(buffers.difference.estimate).toBeCloseTo(-10_000, -2);
    expect([comparison.before.startedAt.length, comparison.after.startedAt.length]).toEqual([2, 2]);
    const order = [comparison.before.startedAt, comparison.after.startedAt].flat().toSorted();
    expect([order[0], order[3]]).toEqual(comparison.before.startedAt);

    const kept = (await readdir(join(cwd, '.leakhunt'))).filter(name => name.endsWith('.json')).sort();
    const [first, second, third] = kept.map(name => join(cwd, '.leakhunt', name)) as [string, string, string];
    expect((await runCli(['compare', second, first, '--max-growth', '4KiB'])).code).toBe(1);
    expect((await runCli(['compare', second, third, '--max-growth', '4KiB'])).code).not.toBe(1);

    const gated = await runCli([
      'upload',
      leaky.url,
      ...quick,
      '--rounds',
      '12',
      '--baseline',
      first,
      '--json',
      '-',
    ]);
    const hunt: Hunt = JSON.parse(gated.stdout);
    expect(hunt.verdict).toBe('leak');
    expect(hunt.baseline).toMatchObject({ path: first, new: [], grown: [] });
    expect(hunt.baseline!.known.map(({ resource }) => resource)).toContain('array-buffers');
    expect(gated.code).not.toBe(1);
  }, 120_000);

  test.runIf(process.platform === 'linux')(
    'starts each side with its own environment',
    async () => {
      const port = await freePort();
      const path = join(await folder(), 'server.mjs');
      await writeFile(
        path,
        `import { createServer } from 'node:http';
      import { openSync } from 'node:fs';
      createServer((request, response) => {
        if (request.method === 'POST' && process.env.KEEP === 'yes') openSync('/dev/null');
        request.resume().on('end', () => response.end());
      }).listen(${port}, '127.0.0.1');`,
      );
      const ran = await runCli([
        'compare',
        `http://127.0.0.1:${port}/`,
        ...[
          '--start',
          `exec ${process.execPath} ${path}`,
          '--env-before',
          'KEEP=no',
          '--env-after',
          'KEEP=yes',
        ],
        ...quick,
        ...['--rounds', '10', '--no-save', '--json', '-'],
      ]);
      const comparison: Comparison = JSON.parse(ran.stdout);
      const files = comparison.scenarios[0]!.resources.find(({ name }) => name === 'open-files')!;
      expect(files).toMatchObject({ outcome: 'regression', difference: { estimate: 1 } });
      expect(ran.code).toBe(1);
    },
    120_000,
  );

  test('of which one is a record is refused before the hunt where its load is another', () =>
    refusal(
      ['compare', flat, 'http://127.0.0.1:1/', '-c', '5'],
      2,
      'had 10 uploads in flight at once',
      '--force',
    ));

  test('ends at Ctrl-C with exit 130, as there is nothing to compare', async () => {
    const target = await startDemo('none');
    onTestFinished(() => target.stop());
    let interrupted = false;
    const ran = await runCli(['compare', target.url, `${target.url}?b`, ...quick], {
      tty: true,
      onWrite: (text, interrupt) => {
        if (interrupted || !text.includes('warming up')) return;
        interrupted = true;
        interrupt();
      },
    });
    expect(ran).toMatchObject({ code: 130, stdout: '' });
    expect(ran.stderr).toContain('Interrupted before both sides were measured');
  });

  test('refuses a target that is not there with exit 4', async () => {
    const [a, b] = [await freePort(), await freePort()];
    await refusal(['compare', `http://127.0.0.1:${a}/`, `http://127.0.0.1:${b}/`], 4, 'Nothing listens');
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
  test('a file that is not there', () => refusal(upload('nope.json'), 2, '"nope.json" cannot be read'));
  test('a hunt that measured nothing', async () => {
    const error = { code: 'TARGET_LOST', message: 'Process 1 ended.' };
    await refusal(upload(await written({ ...recordedHunt('flat'), error })), 2, 'holds no measurement');
  });
  test('one that was measured differently', () =>
    refusal(upload(flat, '--size', '1kB', '-c', '5'), 2, '1,000 B of text', 'this hunt 5', 'new baseline'));
});

test('upload with a baseline of another runtime reports the hunt, and then refuses', async () => {
  const target = await startDemo('none');
  onTestFinished(() => target.stop());
  const ran = await runCli(
    [
      'upload',
      target.url,
      '-n',
      '100',
      '--rounds',
      '3',
      '--warm-up',
      '0',
      '--settle',
      '0.05',
      '--size',
      '1.3MB',
    ].concat(['--baseline', flat]),
  );
  expect(ran.code).toBe(2);
  expect(ran.stdout).toContain('uploads of');
  expect(ran.stderr).toContain('measured a target in go, this hunt one in node');
}, 60_000);
