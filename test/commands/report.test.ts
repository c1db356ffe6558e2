import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { recordIn } from '../../src/record/read.js';
import type { Hunt } from '../../src/record/record.js';
import { formats } from '../../src/reports/index.js';
import { fullHunt, recordedHunt } from '../support/hunts.js';
import { runCli } from '../support/streams.js';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'leakhunt-report-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function saved(record: unknown): Promise<string> {
  const path = join(await folder(), 'record.json');
  await writeFile(path, typeof record === 'string' ? record : JSON.stringify(record));
  return path;
}

async function* chunksOf(...texts: string[]) {
  yield* texts;
}

describe('leakhunt report', () => {
  test('prints a saved hunt again, as it was printed then', async () => {
    const { code, stdout, stderr } = await runCli(['report', await saved(recordedHunt('leak'))]);
    expect([code, stderr]).toEqual([0, '']);
    await expect(stdout).toMatchFileSnapshot('../reports/golden/leak-80.txt');
  });

  test('writes every format at once, and then no report for people', async () => {
    const home = await folder();
    const names = ['json', 'html', 'markdown', 'junit', 'prometheus', 'csv'] as const;
    const flags = names.flatMap(name => [`--${name}`, join(home, name)]);
    const hunt = recordedHunt('inconclusive');
    const ran = await runCli(['report', await saved(hunt), ...flags]);
    expect(ran).toEqual({ code: 0, stdout: '', stderr: '' });
    for (const name of names) {
      expect(await readFile(join(home, name), 'utf8')).toBe(formats[name](hunt, {}));
    }
    expect((await readdir(home)).sort()).toEqual([...names].sort());
  });

  test('reads standard input, and writes to standard output', async () => {
    const text = JSON.stringify(recordedHunt('flat'));
    const stdin = chunksOf(text.slice(0, 1000), text.slice(1000));
    const { stdout } = await runCli(['report', '-', '--markdown', '-'], { stdin });
    await expect(stdout).toMatchFileSnapshot('../reports/golden/flat.md');
  });

  test('exits as the hunt did where it is asked to', async () => {
    const path = await saved(recordedHunt('inconclusive'));
    expect((await runCli(['report', path, '--exit-code'])).code).toBe(3);
    expect((await runCli(['report', path, '--exit-code', '--allow-inconclusive'])).code).toBe(0);
    expect((await runCli(['report', await saved(recordedHunt('leak')), '--exit-code'])).code).toBe(1);
  });

  test('lets a hunt without a verdict pass in JUnit too, where that is allowed', async () => {
    const path = await saved(recordedHunt('inconclusive'));
    const flags = ['--junit', '-', '--allow-inconclusive'];
    expect((await runCli(['report', path, ...flags])).stdout).toContain('errors="0"');
  });

  test('shows every round with --verbose', async () => {
    const hunt = recordedHunt('leak');
    const { stdout } = await runCli(['report', await saved(hunt), '--verbose']);
    await expect(stdout).toMatchFileSnapshot('../reports/golden/leak-80-verbose.txt');
    const rows = stdout.split('\n').filter(line => /^\s*\d+ {2}(start|warm-up|upload|blank) /.test(line));
    expect(rows.length).toBe(hunt.rounds.length);
  });

  test('without a name reports on the newest that is kept', async () => {
    const home = await folder();
    await mkdir(join(home, '.leakhunt'));
    for (const [name, kind] of [
      ['2026-11-23T03-21-07Z-leak', 'leak'],
      ['2026-11-24T00-00-00Z-flat', 'flat'],
      ['zz-mine', 'leak'],
    ] as const) {
      await writeFile(join(home, '.leakhunt', `${name}.json`), JSON.stringify(recordedHunt(kind)));
    }
    expect((await runCli(['report'], { cwd: home })).stdout).toContain('Flat: heap grew by less');
  });

  test('without a name and nothing kept says so', async () => {
    const { code, stderr } = await runCli(['report'], { cwd: await folder() });
    expect(code).toBe(2);
    expect(stderr).toContain('There is no record in .leakhunt/');
  });
});

describe('a record that is read', () => {
  test('is what was written, numbers that JSON has no word for included', () => {
    const hunt = fullHunt();
    hunt.scenarios![1]!.forecast!.secondsLeft!.high = Number.POSITIVE_INFINITY;
    hunt.self.cpuSeconds = Number.NaN;
    const read = recordIn(JSON.stringify(hunt), 'x');
    expect(read.self.cpuSeconds).toBeNaN();
    expect(read.scenarios![1]!.forecast!.secondsLeft!.high).toBeNaN();
    expect(JSON.stringify(read)).toBe(JSON.stringify(hunt));
  });

  test('of an older leakhunt, without the newer keys, is printed in every format', async () => {
    const { culprits: _, explained: __, scenario: ___, warnings: ____, ...older } = recordedHunt('leak');
    const path = await saved(older);
    for (const name of Object.keys(formats)) {
      expect(await runCli(['report', path, `--${name}`, '-'])).toMatchObject({ code: 0, stderr: '' });
    }
    expect((await runCli(['report', path])).stdout).toContain(
      'Leak: each upload leaves 1 goroutine, 2.61 KiB',
    );
  });

  const flat = recordedHunt('flat');
  const [first, ...others] = flat.resources;
  test.each<[string, unknown, string]>([
    ['no JSON', '{"schemaVersion": 1', 'is not JSON'],
    ['something else', [1, 2], 'schemaVersion is missing'],
    ['nothing', '', 'is not JSON'],
    ['of a later version', { ...flat, schemaVersion: 2 }, 'schemaVersion 2 is newer than this leakhunt'],
    ['of no version', { ...flat, schemaVersion: 'x' }, 'schemaVersion is "x"'],
    ['without its load', { ...flat, load: undefined }, 'load is missing'],
    ['without a verdict', { ...flat, verdict: null }, 'verdict is null, not string'],
    [
      'with a resource that there is not',
      { ...flat, resources: [...others, { ...first, name: 'constructor' }] },
      `resources[${others.length}].name is "constructor", which this version does not support`,
    ],
    [
      'with a reading that is text',
      { ...flat, resources: [{ ...first, points: [{ ...first!.points[0], value: '12' }] }] },
      'resources[0].points[0].value is "12", not number',
    ],
    [
      'with a line that begins before the first upload',
      { ...flat, resources: [{ ...first, line: { intercept: 0, from: -1e300 } }] },
      'resources[0].line.from is -1e+300, below 0',
    ],
    [
      'with more entries than any hunt has',
      { ...flat, warnings: Array.from({ length: 30_000 }, () => '') },
      'warnings has 30000 entries',
    ],
    [
      'with a count of answers that is none',
      { ...flat, load: { ...flat.load, statuses: { 200: {} } } },
      'load.statuses.200 is an object',
    ],
    [
      'nested deeply',
      `{"schemaVersion":1,"load":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      'leakhunt: ',
    ],
    [
      'nested deeply where nothing is known',
      JSON.stringify(flat).replace(/}$/, `,"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
      'it is nested more than 64 deep',
    ],
  ])('is refused with its fault: %s', async (_, record, words) => {
    const { code, stdout, stderr } = await runCli(['report', await saved(record)]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(stderr.length).toBeLessThan(700);
    expect(stderr).not.toContain('fault');
  });

  test('is not read beyond its limit of size', async () => {
    const block = ' '.repeat(2 ** 20);
    async function* endless() {
      for (;;) yield block;
    }
    const { code, stderr } = await runCli(['report', '-'], { stdin: endless() });
    expect([code, stderr]).toEqual([2, expect.stringContaining('larger than 64 MiB')]);
  });

  test.each(['missing.json', '.'])('must be a file: %s', async name => {
    const { code, stderr } = await runCli(['report', join(await folder(), name)]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('could not be read')]);
  });

  test('has a bad place for its report named before it is read', async () => {
    const { code, stderr } = await runCli(['report', 'missing.json', '--csv', '/nowhere/at/all.csv']);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('--csv "/nowhere/at/all.csv" could not be written'),
    ]);
  });
});

test('a record of any one key being null is printed or refused, and is no fault of leakhunt', async () => {
  const whole = JSON.parse(JSON.stringify(fullHunt())) as Record<string, unknown>;
  for (const key of Object.keys(whole)) {
    const text = JSON.stringify({ ...whole, [key]: null });
    let hunt: Hunt | undefined;
    try {
      hunt = recordIn(text, 'x');
    } catch (error) {
      expect((error as { exitCode: number }).exitCode).toBe(2);
    }
    if (hunt) for (const format of Object.values(formats)) format(hunt, {});
  }
});
