import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCli } from '../support/streams.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leakhunt-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('leakhunt fixtures', () => {
  test('writes files of just the size asked for, each with a seed of its own', async () => {
    const flags = ['--kind', 'pdf', '--size', '10kB', '--count', '3', '--seed', '7', '--out', folder];
    const { code, stdout } = await runCli(['fixtures', ...flags]);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(3);
    expect((await readdir(folder)).sort()).toEqual(['fixture-7.pdf', 'fixture-8.pdf', 'fixture-9.pdf']);
    for (const name of await readdir(folder)) expect((await stat(join(folder, name))).size).toBe(10_000);
    const [a, b] = await Promise.all(['7', '8'].map(seed => readFile(join(folder, `fixture-${seed}.pdf`))));
    expect(a!.equals(b!)).toBe(false);
  });

  test('refuses to overwrite a file, unless forced', async () => {
    const flags = ['fixtures', '--size', '1kB', '--out', folder];
    await runCli(flags);
    const again = await runCli(flags);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('--force');
    expect((await runCli([...flags, '--seed', '2', '--force'])).code).toBe(0);
  });

  test.each([
    [['--size', '10XB'], '"10XB" is not a size'],
    [['--count', '0'], '--count 0 is out of range'],
    [['--kind', 'jpeg'], 'jpeg'],
    [['--kind', 'png', '--size', '10'], '92'],
    [['--size', '900TB'], 'free'],
    [['--out', '/dev/null/x'], '/dev/null/x'],
  ])('%j is refused', async (flags, words) => {
    const { code, stderr } = await runCli(['fixtures', '--out', folder, ...flags]);
    expect(stderr).toContain(words);
    expect(code).toBe(2);
  });
});
