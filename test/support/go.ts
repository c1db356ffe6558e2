import { join } from 'node:path';
import { prepare, run, startTarget, type Target } from './target.js';
import { describeWith, versionOf } from './toolchain.js';

export type GoTargetFolder = 'go-gin' | 'go-kafka' | 'go-plain';

/** `describeWith` for Go. */
export const describeWithGo = (name: string, suite: () => void) => describeWith('go', name, suite);

/**
 * Builds a target of fixtures/targets once per content, toolchain and `env`; resolves to the binary's path.
 */
export async function buildGoTarget(
  folder: GoTargetFolder,
  env: Record<string, string> = {},
): Promise<string> {
  const flags = ['build', '-trimpath', '-buildvcs=false', '-o', folder, '.'];
  const home = await prepare(folder, `${versionOf('go')} ${JSON.stringify(env)}`, home =>
    run('go', flags, home, { CGO_ENABLED: '0', ...env }),
  );
  return join(home, folder);
}

/**
 * Starts a built target on a free port of the loopback interface. `args` are its flags: `['-leak', 'body']`.
 */
export async function startGoTarget(
  binary: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Target> {
  return startTarget(binary, ['-addr', '127.0.0.1:0', ...args], { env });
}
