import { join } from 'node:path';
import { prepare, run, startTarget, type Target } from './target.js';
import { versionOf } from './toolchain.js';

/** Compiles the target once per content and compiler; resolves to the program's path. */
export async function buildCTarget(): Promise<string> {
  const home = await prepare('c-plain', versionOf('c')!, home =>
    run('cc', ['-O2', '-o', 'server', 'server.c'], home),
  );
  return join(home, 'server');
}

/** Starts it so that each upload loses this many bytes. */
export async function startCTarget(bytes: number): Promise<Target> {
  return startTarget(await buildCTarget(), [], { env: { LEAK: String(bytes) } });
}
