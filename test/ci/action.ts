import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { jobFolder, type Ran, root, shell, yaml } from './shell.js';

interface Action {
  inputs: Record<string, { description: string; default: string }>;
  runs: {
    using: string;
    steps: {
      name: string;
      run?: string;
      env?: Record<string, string>;
      'working-directory'?: string;
      if?: string;
      uses?: string;
    }[];
  };
}

export const action = yaml.parse(await readFile(join(root, 'action.yml'), 'utf8')) as Action;

/** As the runner does it: an expression's value comes from the inputs, or from the job's environment. */
function expanded(text: string, inputs: Record<string, string>, env: Record<string, string>): string {
  return text.replace(/\$\{\{ inputs\.([\w-]+)(?: \|\| env\.(\w+))? \}\}/g, (_, input, variable) => {
    const value = inputs[input] ?? action.inputs[input]!.default;
    return value === '' && variable !== undefined ? (env[variable] ?? '') : value;
  });
}

/** Runs the scripts of the action one after another, until one fails; with the files that a runner provides. */
export async function runAction(inputs: Record<string, string>, job: Record<string, string>) {
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
  for (const { run, env = {}, 'working-directory': where = '.' } of action.runs.steps) {
    if (run === undefined || ran.code !== 0) continue;
    const added = (await readFile(runner.GITHUB_PATH, 'utf8')).split('\n').filter(Boolean);
    const own = Object.entries(env).map(([name, text]) => [name, expanded(text, inputs, job)]);
    const PATH = [...added, path.replace(/^[^:]*:/, '')].join(':');
    const command = ['bash', '--noprofile', '--norc', '-eo', 'pipefail'];
    ran = await shell(command, run, resolve(folder, expanded(where, inputs, job)), {
      ...runner,
      ...job,
      ...Object.fromEntries(own),
      PATH,
    });
  }
  const read = (name: string) => readFile(join(folder, name), 'utf8');
  return { ...ran, folder, read, output: ran.output };
}
