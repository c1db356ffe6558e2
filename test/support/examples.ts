import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Hunt } from '../../src/index.js';
import { runAction } from '../ci/action.js';
import { root, yaml } from '../ci/shell.js';
import { freePort } from './servers.js';
import { prepare, run } from './target.js';
import { type Toolchain, versionOf } from './toolchain.js';

/** The examples, and the toolchain that each needs besides Node. */
export const examples = { go: 'go', node: undefined, python: 'python', spring: 'java' } as const;
export type Example = keyof typeof examples;

interface Workflow {
  jobs: { leakhunt: { steps: { run?: string; uses?: string; with?: Record<string, string> }[] } };
}

export async function stepsOf(example: Example) {
  const text = await readFile(join(root, 'examples', example, 'leakhunt.yml'), 'utf8');
  const { steps } = (yaml.parse(text) as Workflow).jobs.leakhunt;
  return {
    setUp: steps.flatMap(step => step.run ?? []),
    action: steps.find(({ uses }) => uses?.includes('/leakhunt@'))!,
  };
}

/** Runs the steps of an example's job that come before the hunt, once per content; resolves to the folder. */
export async function prepareExample(example: Example): Promise<string> {
  const { setUp } = await stepsOf(example);
  const toolchain: Toolchain | undefined = examples[example];
  const version = `${process.version} ${toolchain && versionOf(toolchain)}`;
  const build = async (home: string) => {
    for (const script of setUp) await run('bash', ['-e', '-c', script], home);
  };
  return prepare(example, version, build, 'examples');
}

/** Hunts a prepared example as its job does, except for the port and the place of the reports. */
export async function huntExample(example: Example, leak: boolean) {
  const home = await prepareExample(example);
  const reports = await mkdtemp(join(tmpdir(), 'leakhunt-example-'));
  onTestFinished(() => rm(reports, { recursive: true }));
  const port = String(await freePort());
  const { action } = await stepsOf(example);
  const inputs = Object.entries(action.with!).map(([name, value]) => [name, value.replace('8000', port)]);
  const { code, output } = await runAction(
    { ...Object.fromEntries(inputs), 'working-directory': home, reports },
    { PORT: port, LEAKHUNT_SAVE: 'false', ...(leak ? { LEAK: '1' } : {}) },
  );
  const record = await readFile(join(reports, 'upload.json'), 'utf8').catch(() => {
    throw new Error(`The hunt left no record: ${output}`);
  });
  return { code, output, record: JSON.parse(record) as Hunt };
}

/** Where a piece of code stands in a file of an example, as a report names it: `main.go:45`. */
export async function placeIn(example: Example, file: string, code: string): Promise<string> {
  const lines = (await readFile(join(root, 'examples', example, file), 'utf8')).split('\n');
  const line = lines.findIndex(text => text.includes(code)) + 1;
  if (line === 0) throw new Error(`${file} has no line with ${code}`);
  return `${file}:${line}`;
}
