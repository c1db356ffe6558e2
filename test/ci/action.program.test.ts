import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeWith } from '../support/toolchain.js';
import { jobFolder, type Ran, root, shell, shortHunt, yaml } from './shell.js';

interface Action {
  inputs: Record<string, { description: string; default: string }>;
  runs: {
    using: string;
    steps: { name: string; run?: string; env?: Record<string, string>; if?: string; uses?: string }[];
  };
}

const action = yaml.parse(await readFile(join(root, 'action.yml'), 'utf8')) as Action;

/** As the runner does it: an expression's value comes from the inputs, or from the job's environment. */
function expanded(text: string, inputs: Record<string, string>, env: Record<string, string>): string {
  return text.replace(/\$\{\{ inputs\.([\w-]+)(?: \|\| env\.(\w+))? \}\}/g, (_, input, variable) => {
    const value = inputs[input] ?? action.inputs[input]!.default;
    return value === '' && variable !== undefined ? (env[variable] ?? '') : value;
  });
}

/** Runs the scripts of the action one after another, until one fails; with the files that a runner provides. */
async function runAction(inputs: Record<string, string>, job: Record<string, string>) {
  const { folder, path } = await jobFolder();
  const file = async (name: string) => {
    await writeFile(join(folder, name), '');
    return join(folder, name);
  };
  const runner = {
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION_PATH: root,
    GITHUB_WORKSPACE: folder,
    GITHUB_OUTPUT: await file('.output'),
    GITHUB_PATH: await file('.path'),
    GITHUB_STEP_SUMMARY: await file('.summary'),
    RUNNER_TEMP: folder,
  };
  let ran: Ran = { code: 0, output: '' };
  for (const { run, env = {} } of action.runs.steps) {
    if (run === undefined || ran.code !== 0) continue;
    const added = (await readFile(runner.GITHUB_PATH, 'utf8')).split('\n').filter(Boolean);
    const own = Object.entries(env).map(([name, text]) => [name, expanded(text, inputs, job)]);
    const PATH = [...added, path.replace(/^[^:]*:/, '')].join(':');
    const command = ['bash', '--noprofile', '--norc', '-eo', 'pipefail'];
    ran = await shell(command, run, folder, { ...runner, ...job, ...Object.fromEntries(own), PATH });
  }
  const read = (name: string) => readFile(join(folder, name), 'utf8');
  return { ...ran, folder, read, output: ran.output };
}

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
