import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = dirname(import.meta.dirname);

/**
 * The path of a script (`file:` URL) that is bundled with what it uses of `src/`, as leakhunt itself is: a
 * measured process contains nothing else, and no compiler. It lies beside `dist/`, where `packageFolder`
 * expects it.
 */
export function bundled(script: string): string {
  const path = fileURLToPath(script);
  const outfile = join(root, 'bench-dist', `${basename(dirname(path))}-${basename(path)}`);
  buildSync({
    entryPoints: [path],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  return outfile;
}
