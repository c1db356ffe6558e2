import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What is loaded by its own name: by the program, by Node as a process or a thread, and by who imports the package. */
const entries = {
  cli: 'src/cli.ts',
  'demo-server': 'src/target/demo/demo-server.ts',
  'upload-thread': 'src/load/threads/worker.ts',
  index: 'src/index.ts',
  testing: 'src/testing/index.ts',
};

/**
 * Bundles the sources into a few files, for Node reads and links each file at every start: one start took 0.4 s of
 * a core with 350 modules. What a command loads only when it runs is a chunk of its own. Nothing is minified and
 * there are source maps, which `--debug` turns on, so that a stack trace names the function, file and line as in src/.
 */
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: entries,
  outdir: 'dist',
  // All lie side by side: `packageFolder` is one level up from each.
  entryNames: '[name]',
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.18',
  packages: 'external',
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
  metafile: true,
});

// What earlier builds left goes last: a leakhunt that starts meanwhile finds all of its parts.
const made = new Set([...Object.keys(metafile.outputs).map(path => basename(path)), 'types']);
for (const name of await readdir(join(root, 'dist'))) {
  if (!made.has(name)) await rm(join(root, 'dist', name), { recursive: true });
}
