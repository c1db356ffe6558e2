import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Exit, type ProcessOptions, startProcess } from './process.js';

/** A running upload server. */
export interface Target {
  /** Where uploads go. */
  url: string;
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  origin: string;
  pid: number;
  /** The target's own TMPDIR. */
  tmp: string;
  output(): string;
  /** Ends the target and removes its TMPDIR. */
  stop(): Promise<Exit>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const cache = join(root, 'node_modules/.cache/leakhunt-targets');
const execute = promisify(execFile);

/**
 * Copies a folder of fixtures/targets, or of another folder, into the cache and builds the copy, once per
 * content and version of the toolchain; resolves to the copy's path. The build must not depend on that path.
 */
export async function prepare(
  folder: string,
  version: string,
  build: (home: string) => Promise<unknown>,
  shelf = 'fixtures/targets',
): Promise<string> {
  const source = join(root, shelf, folder);
  const home = join(cache, `${folder}-${await fingerprint(source, version)}`);
  if (existsSync(home)) return home;

  // Built under a name of its own and renamed: if two builds run at once, both leave a whole one.
  const unfinished = `${home}.${randomUUID()}`;
  try {
    await cp(source, unfinished, { recursive: true });
    await build(unfinished);
    await rename(unfinished, home).catch(error => {
      if (!existsSync(home)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return home;
}

/** Runs a step of a build; its output is part of its error. */
export async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<void> {
  await execute(command, [...args], { cwd, env: { ...process.env, ...env } }).catch(error => {
    throw new Error(`${command} ${args.join(' ')} failed:\n${error.stdout}${error.stderr}`, { cause: error });
  });
}

/** Starts a target, with a TMPDIR of its own, on the port that its ready line names. */
export async function startTarget(
  command: string,
  args: readonly string[] | ((tmp: string) => readonly string[]),
  options: Omit<ProcessOptions, 'ready'> = {},
): Promise<Target> {
  const tmp = await mkdtemp(join(tmpdir(), 'leakhunt-target-'));
  const removeTmp = () => rm(tmp, { recursive: true, force: true });
  try {
    const target = await startProcess(command, typeof args === 'function' ? args(tmp) : args, {
      ...options,
      ready: /^listening on (?<origin>http:\/\/\S+)$/,
      env: { ...options.env, TMPDIR: tmp },
    });
    const origin = target.match.groups!.origin!;
    return {
      url: `${origin}/upload`,
      origin,
      pid: target.pid,
      tmp,
      output: target.output,
      stop: () => target.stop().finally(removeTmp),
    };
  } catch (error) {
    await removeTmp();
    throw error;
  }
}

async function fingerprint(folder: string, version: string): Promise<string> {
  const hash = createHash('sha256').update(version);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    hash.update(`\0${relative(folder, file)}\0`).update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 16);
}
