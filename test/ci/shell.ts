import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { type DemoLeak, startDemo } from '../../src/target/demo/demo.js';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A YAML parser that knip brings along. */
export const yaml: { parse(text: string): unknown } = createRequire(
  join(root, 'node_modules/knip/package.json'),
)('yaml');

/** The fenced blocks of a document, by language. */
export async function blocksOf(path: string, language: string): Promise<string[]> {
  const text = await readFile(join(root, path), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, code]) => code!);
}

/** A job's folder, with the programs on its PATH that stand in for a registry: npm does nothing, npx runs leakhunt. */
export async function jobFolder(): Promise<{ folder: string; path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'leakhunt-ci-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const bin = join(folder, '.bin');
  await mkdir(bin);
  await symlink(join(root, 'bin/leakhunt.js'), join(bin, 'leakhunt'));
  for (const [name, script] of [
    ['npm', 'exit 0'],
    ['npx', 'if [ "$1" = --yes ]; then shift; fi\nexec "$@"'],
  ]) {
    await writeFile(join(bin, name!), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name!), 0o755);
  }
  return { folder, path: `${bin}:${process.env.PATH}` };
}

/** The environment that points leakhunt at the built-in target and keeps the hunt short; counts decide it. */
export async function shortHunt(leak: DemoLeak): Promise<Record<string, string>> {
  const target = await startDemo(leak);
  onTestFinished(() => target.stop());
  return {
    LEAKHUNT_URL: target.url,
    LEAKHUNT_PROBE: `pid=${target.pid}`,
    LEAKHUNT_MAX_GROWTH: 'anon=1GB\nrss=1GB\ndisk=1GB',
    LEAKHUNT_N: '20',
    LEAKHUNT_CONCURRENCY: '2',
    LEAKHUNT_SIZE: '1kB',
    LEAKHUNT_SETTLE: '0.05',
    LEAKHUNT_SAVE: 'false',
    ...(leak === 'none' ? {} : { LEAKHUNT_ROUNDS: '4' }),
  };
}

export interface Ran {
  code: number;
  output: string;
}

/** Runs a script by a shell and its options, as a CI does. */
export async function shell(
  command: string[],
  script: string,
  cwd: string,
  env: Record<string, string>,
): Promise<Ran> {
  const [program, ...options] = command;
  const own = Object.entries(process.env).filter(([name]) => !/^(LEAKHUNT|GITHUB|RUNNER)_/.test(name));
  return new Promise(resolve => {
    execFile(
      program!,
      [...options, '-c', script],
      { cwd, env: { ...Object.fromEntries(own), ...env } },
      (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
      },
    );
  });
}
