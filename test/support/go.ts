import { execFile, spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, test } from 'vitest';
import { type Exit, startProcess } from './process.js';

export type GoTargetFolder = 'go-gin';

export interface GoTarget {
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

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const cache = join(root, 'node_modules/.cache/leakhunt-targets');

/**
 * A `describe` for tests that build a Go target. Without Go they are skipped, or fail when the environment
 * variable LEAKHUNT_REQUIRE (`go`, or a list with commas) says that this machine must have it.
 */
export function describeWithGo(name: string, suite: () => void): void {
  if (goVersion()) {
    describe(name, suite);
  } else if (requiredToolchains().includes('go')) {
    describe(name, () => {
      test('has a Go toolchain', () => {
        throw new Error('LEAKHUNT_REQUIRE asks for go, but `go version` does not run: install Go.');
      });
    });
  } else {
    describe.skip(`${name} (skipped: Go is not installed)`, suite);
  }
}

/** Builds a target of fixtures/targets once per content and toolchain; resolves to the binary's path. */
export async function buildGoTarget(folder: GoTargetFolder): Promise<string> {
  const source = join(root, 'fixtures/targets', folder);
  const home = join(cache, await fingerprint(source));
  const binary = join(home, folder);
  if (existsSync(binary)) return binary;

  await mkdir(home, { recursive: true });
  // Built under a name of its own and renamed: of two builds at once, both leave a whole binary.
  const unfinished = `${binary}.${randomUUID()}`;
  try {
    await run('go', ['build', '-trimpath', '-buildvcs=false', '-o', unfinished, '.'], {
      cwd: source,
      env: { ...process.env, CGO_ENABLED: '0' },
    });
    await rename(unfinished, binary);
  } finally {
    await rm(unfinished, { force: true });
  }
  return binary;
}

/** Starts a built target on a free port of the loopback interface. `args` are its flags: `['-leak', 'body']`. */
export async function startGoTarget(
  binary: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<GoTarget> {
  const tmp = await mkdtemp(join(tmpdir(), 'leakhunt-target-'));
  const removeTmp = () => rm(tmp, { recursive: true, force: true });
  try {
    const target = await startProcess(binary, ['-addr', '127.0.0.1:0', ...args], {
      ready: /^listening on (?<origin>http:\/\/\S+)$/,
      env: { ...env, TMPDIR: tmp },
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

function goVersion(): string | undefined {
  const { status, stdout } = spawnSync('go', ['version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

function requiredToolchains(): string[] {
  return (process.env.LEAKHUNT_REQUIRE ?? '').split(',').map(name => name.trim());
}

async function fingerprint(folder: string): Promise<string> {
  const hash = createHash('sha256').update(goVersion() ?? '');
  for (const name of (await readdir(folder)).filter(name => /\.go$|^go\.(mod|sum)$/.test(name)).sort()) {
    hash.update(`\0${name}\0`).update(await readFile(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}
