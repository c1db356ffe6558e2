import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { newestSaved, saveHunt } from '../../src/commands/history/saved.js';
import type { Hunt } from '../../src/record/record.js';
import { type DemoTarget, startDemo } from '../../src/target/demo/demo.js';
import { recordedHunt } from '../support/hunts.js';
import { runCli } from '../support/streams.js';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'leakhunt-saved-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

function huntAt(startedAt: string, name = 'flat'): Hunt {
  const hunt = recordedHunt(name);
  return { ...hunt, leakhunt: { ...hunt.leakhunt, startedAt } };
}

const recordsIn = async (home: string) =>
  (await readdir(join(home, '.leakhunt'))).filter(name => name !== '.gitignore').sort();

describe('hunts that are kept', () => {
  test('are named by their time and verdict, out of sight of git', async () => {
    const home = await folder();
    const path = await saveHunt(huntAt('2026-11-23T03:21:07.123Z', 'leak'), home, 20);
    expect(path).toBe(join('.leakhunt', '2026-11-23T03-21-07Z-leak.json'));
    expect(JSON.parse(await readFile(join(home, path), 'utf8'))).toMatchObject({ verdict: 'leak' });
    expect(await readFile(join(home, '.leakhunt/.gitignore'), 'utf8')).toBe('*\n');
  });

  test('of one second do not replace each other, and the last is the newest', async () => {
    const home = await folder();
    const time = '2026-11-23T03:21:07.000Z';
    await saveHunt(huntAt(time, 'leak'), home, 20);
    const last = await saveHunt(huntAt(time), home, 20);
    expect((await recordsIn(home)).length).toBe(2);
    expect(await newestSaved(home, expect.fail)).toMatchObject({
      verdict: JSON.parse(await readFile(join(home, last), 'utf8')).verdict,
    });
  });

  test('are the newest ones; what is not theirs stays', async () => {
    const home = await folder();
    await mkdir(join(home, '.leakhunt'));
    await writeFile(join(home, '.leakhunt/2020-notes.json'), '{}');
    for (const day of [14, 11, 13, 12]) await saveHunt(huntAt(`2026-11-${day}T00:00:00.000Z`), home, 3);
    expect(await recordsIn(home)).toEqual([
      '2020-notes.json',
      '2026-11-12T00-00-00Z-flat.json',
      '2026-11-13T00-00-00Z-flat.json',
      '2026-11-14T00-00-00Z-flat.json',
    ]);
  });

  test('that could not be measured are named so', async () => {
    const hunt = { ...huntAt('2026-11-23T03:21:07.000Z'), error: { code: 'X', message: 'x' } };
    expect(await saveHunt(hunt, await folder(), 1)).toContain('Z-not-measured.json');
  });
});

describe('leakhunt upload', () => {
  let target: DemoTarget;
  beforeAll(async () => {
    target = await startDemo('none');
    return () => target.stop();
  });
  const short = () => [
    ...['upload', target.url, '--probe', `inspector=${target.inspector}`, '--probe', 'pid'],
    ...['--rounds', '3', '-n', '2', '--warm-up', '0', '--size', '1kB'],
  ];

  test('keeps its record, with what repeats it, and says where at the end of its progress', async () => {
    const home = await folder();
    const flags = ['-H', 'X-Api-Key: s3cr3t-key', '-u', 'joe:hunter22'];
    const { code, stderr } = await runCli([...short(), ...flags], { cwd: home, tty: true });
    expect(code).toBe(3);
    const [name] = await recordsIn(home);
    expect(stderr.endsWith(`Record: ${join('.leakhunt', name!)}\n`)).toBe(true);
    const text = await readFile(join(home, '.leakhunt', name!), 'utf8');
    expect(JSON.parse(text).leakhunt.command).toBe(
      `leakhunt ${short().join(' ')} -H 'X-Api-Key: ***' -u '***'`,
    );
    expect(text).not.toMatch(/s3cr3t|hunter22/);
  });

  test('keeps nothing with --no-save, and says nothing in a pipe', async () => {
    const home = await folder();
    expect((await runCli([...short(), '--no-save'], { cwd: home, tty: true })).stderr).not.toContain(
      'Record',
    );
    expect(existsSync(join(home, '.leakhunt'))).toBe(false);
    expect((await runCli(short(), { cwd: home })).stderr).toBe('');
    expect((await recordsIn(home)).length).toBe(1);
  });

  test.runIf(existsSync('/dev/full'))(
    'keeps its record and its verdict though its report cannot be written',
    async () => {
      const home = await folder();
      const ran = await runCli([...short(), '--junit', '/dev/full'], { cwd: home });
      expect(ran).toMatchObject({ code: 3, stderr: expect.stringContaining('the disk is full') });
      expect((await recordsIn(home)).length).toBe(1);
    },
  );

  test('keeps its record though it is interrupted', async () => {
    const home = await folder();
    let interrupted = false;
    const onWrite = (text: string, interrupt: () => void) => {
      if (interrupted || !text.includes('round 1 of')) return;
      interrupted = true;
      interrupt();
    };
    const { code } = await runCli(short(), { cwd: home, tty: true, onWrite });
    expect(code).toBe(130);
    expect((await newestSaved(home, expect.fail)).end).toBe('interrupted');
  });

  test('stands by its verdict where there is no room for its record', async () => {
    const home = await folder();
    await writeFile(join(home, '.leakhunt'), 'a file in its place');
    const { code, stdout, stderr } = await runCli(short(), { cwd: home });
    expect([code, stdout]).toEqual([3, expect.stringContaining('Inconclusive')]);
    expect(stderr).toContain('leakhunt: this hunt could not be saved in .leakhunt/');
  });

  test('refuses to keep fewer than one', async () => {
    const { code, stderr } = await runCli([...short(), '--keep', '0'], { cwd: await folder() });
    expect([code, stderr]).toEqual([2, expect.stringContaining('--no-save')]);
  });

  test('in a workflow of GitHub annotates the run and adds to its summary', async () => {
    const home = await folder();
    const summary = join(home, 'summary.md');
    await writeFile(summary, 'before\n');
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
    const { stdout } = await runCli(short(), { cwd: home, env });
    expect(stdout).toMatch(/^::warning title=leakhunt%3A inconclusive::Inconclusive: /m);
    expect(await readFile(summary, 'utf8')).toMatch(/^before\n### leakhunt: inconclusive\n/);

    const lost = { ...env, GITHUB_STEP_SUMMARY: join(home, 'no/such/folder') };
    const ran = await runCli([...short(), '--json', '-'], { cwd: home, env: lost });
    expect(ran.code).toBe(3);
    expect(JSON.parse(ran.stdout).verdict).toBe('inconclusive');
    expect(ran.stderr).toContain('::warning title=');
    expect(ran.stderr).toContain("leakhunt: the job's summary could not be written");
  });
});
