import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeWith } from '../support/toolchain.js';
import { action, runAction } from './action.js';
import { jobFolder, shortHunt } from './shell.js';

test('no script of the action has an expression in it: inputs come by the environment', () => {
  const scripts = action.runs.steps.flatMap(({ run }) => run ?? []);
  expect(scripts.length).toBe(2);
  for (const script of scripts) expect(script).not.toContain('${'.concat('{'));
});

describeWith('bash', 'the action', () => {
  test('fails a job for a leak: reports, summary, annotation and exit code', async () => {
    const { LEAKHUNT_URL, ...job } = await shortHunt('files');
    const ran = await runAction({ url: LEAKHUNT_URL!, args: "--verbose --header 'X-Note: two words'" }, job);
    expect(ran.output).toContain('Leak: each upload leaves 1 open file behind.');
    expect(ran.output).toContain('::error');
    expect(ran.code).toBe(1);
    expect(await ran.read('.output')).toBe('exit-code=1\n');
    expect(await ran.read('.summary')).toContain('open files');
    const reports = await readdir(join(ran.folder, 'leakhunt-reports'));
    expect(reports.sort()).toEqual(['upload.html', 'upload.json', 'upload.xml']);
    const { leakhunt } = JSON.parse(await ran.read('leakhunt-reports/upload.json'));
    expect(leakhunt.command).toContain("--verbose --header 'X-Note: ***'");
  });

  test('runs the hunts of a file, and passes where all are flat', async () => {
    const { LEAKHUNT_PROBE, ...job } = await shortHunt('none');
    const { folder } = await jobFolder();
    const config = join(folder, 'ci.json');
    await writeFile(config, JSON.stringify({ probe: LEAKHUNT_PROBE, hunts: { small: {} } }));
    const ran = await runAction({ command: 'run', config, reports: 'out' }, job);
    expect(ran).toMatchObject({ code: 0, output: expect.stringContaining('Flat') });
    expect(JSON.parse(await ran.read('out/small.json')).verdict).toBe('flat');
  });

  test.each([
    ['a command that it does not have', { command: 'demo; touch pwned' }, 2, 'neither upload nor run'],
    ['words that are not quoted to their end', { args: "--n '5" }, 1, 'quote'],
    ['what would be a command in a shell', { args: '$(touch pwned) `touch pwned`' }, 2, 'too many arguments'],
  ])('refuses %s', async (_, inputs, code, words) => {
    const ran = await runAction(inputs, {});
    expect(ran.output).toContain(words);
    expect(ran.code).toBe(code);
    expect(await readdir(ran.folder)).not.toContain('pwned');
  });
});
