import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { splitWords } from '../../src/commands/curl/words.js';
import { uploadOf } from '../../src/commands/upload/command.js';
import { describeWith } from '../support/toolchain.js';
import { blocksOf, jobFolder, shell, shortHunt, yaml } from './shell.js';

interface Workflow {
  jobs: Record<
    string,
    { env?: object; steps: { run?: string; uses?: string; with?: Record<string, string> }[] }
  >;
}

/** The script of each snippet of docs/ci.md, and the shell that its CI runs it by. */
async function scripts(): Promise<Record<string, { command: string[]; script: string }>> {
  const [withAction, github, gitlab] = (await blocksOf('docs/ci.md', 'yaml')).map(code => yaml.parse(code));
  const [jenkins] = await blocksOf('docs/ci.md', 'groovy');
  expect((withAction as Workflow).jobs.leaks!.steps.some(({ uses }) => uses?.includes('leakhunt'))).toBe(
    true,
  );
  const steps = (github as Workflow).jobs.leaks!.steps.flatMap(({ run }) => run ?? []);
  const lines = (gitlab as { leaks: { script: string[] } }).leaks.script;
  return {
    github: { command: ['bash', '--noprofile', '--norc', '-eo', 'pipefail'], script: steps.join('\n') },
    gitlab: { command: ['bash', '-eo', 'pipefail'], script: lines.join('\n') },
    jenkins: { command: ['sh', '-xe'], script: /sh '''(.*?)'''/s.exec(jenkins!)![1]! },
  };
}

describeWith('bash', 'the snippets of docs/ci.md', () => {
  test.each(['github', 'gitlab', 'jenkins'])('fail for a leak and leave their reports: %s', async name => {
    const { command, script } = (await scripts())[name]!;
    const { folder, path } = await jobFolder();
    const ran = await shell(command, script, folder, { ...(await shortHunt('files')), PATH: path });
    expect(ran.output).toContain('Leak: each upload leaves 1 open file behind.');
    expect(ran.code).toBe(1);
    expect(await readFile(join(folder, 'reports/leakhunt.xml'), 'utf8')).toContain('<failure');
    expect(await readFile(join(folder, 'reports/leakhunt.html'), 'utf8')).toContain('<html');
  });

  test('pass without one', async () => {
    const { command, script } = (await scripts()).gitlab!;
    const { folder, path } = await jobFolder();
    const ran = await shell(command, script, folder, { ...(await shortHunt('none')), PATH: path });
    expect(ran).toMatchObject({ code: 0, output: expect.stringContaining('Flat') });
  });

  test('give the action inputs that it has, and words that leakhunt knows', async () => {
    const [snippet] = (await blocksOf('docs/ci.md', 'yaml')).map(code => yaml.parse(code) as Workflow);
    const action = yaml.parse(await readFile(new URL('../../action.yml', import.meta.url), 'utf8'));
    const inputs = snippet!.jobs.leaks!.steps.find(({ uses }) => uses?.includes('leakhunt'))!.with!;
    expect(Object.keys((action as { inputs: object }).inputs)).toEqual(
      expect.arrayContaining(Object.keys(inputs)),
    );
    expect(uploadOf(splitWords(inputs.args!)).flags).toMatchObject({ n: 100, maxGrowth: ['heap=1KiB'] });
  });

  test('the script that bisects is one that bash and leakhunt understand', async () => {
    const [script] = await blocksOf('docs/ci.md', 'sh');
    const words = splitWords(
      script!
        .trim()
        .split('\n')[1]!
        .replace(/^.*leakhunt upload /, ''),
    );
    expect(uploadOf(words).flags).toMatchObject({ bisect: true, start: 'npm ci && exec node server.js' });
    expect((await shell(['bash', '-n'], script!, '.', {})).code).toBe(0);
  });
});
