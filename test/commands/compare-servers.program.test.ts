import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Comparison } from '../../src/compare/comparison.js';
import type { Hunt } from '../../src/record/record.js';
import { startDemo } from '../../src/target/demo/demo.js';
import { freePort } from '../support/servers.js';
import { runCli } from '../support/streams.js';

const flat = fileURLToPath(new URL('../../fixtures/captures/hunts/flat.json', import.meta.url));

async function folder() {
  const path = await mkdtemp(join(tmpdir(), 'leakhunt-test-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

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
    const fixedTwice = await runCli(['compare', second, third, '--max-growth', '4KiB', '--json', '-']);
    const unchanged = (JSON.parse(fixedTwice.stdout) as Comparison).scenarios[0]!.resources;
    expect(unchanged.find(({ name }) => name === 'array-buffers')!.outcome).toBe('same');

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
    // What wavers may be undecided, which is no leak: the record says whether anything is.
    expect(gated.code).toBe(hunt.baseline!.undecided.length > 0 ? 3 : 0);
  });

  test.runIf(process.platform === 'linux')('starts each side with its own environment', async () => {
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
  });

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
  expect(ran.stderr).toContain('measured a go target, this hunt a node target');
});
