import { createHash } from 'node:crypto';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const target = join(root, 'src/reports/html/page.generated.ts');

/**
 * Bundles the script and the style of the HTML report into a module of strings, so that the report itself needs
 * no file. Each has the hash by which the page's Content Security Policy knows it.
 */
export async function buildPage(): Promise<void> {
  const [script, style] = await Promise.all([bundle('main.ts'), bundle('page.css')]);
  const source = [
    '/** Made by report-page/build.ts from the other files there. */',
    ...Object.entries({ script, scriptHash: hashOf(script), style, styleHash: hashOf(style) }).map(
      ([name, text]) => `export const ${name}: string = ${JSON.stringify(text)};`,
    ),
    '',
  ].join('\n');
  if (source === (await readFile(target, 'utf8').catch(() => ''))) return;
  const part = `${target}.${process.pid}`;
  await writeFile(part, source);
  await rename(part, target);
}

async function bundle(entry: string): Promise<string> {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(here, entry)],
    absWorkingDir: root,
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
    // What d3-flame-graph brings is for light pages only: page.css has its own.
    plugins: [{ name: 'no-css-of-scripts', setup: skipStylesOfScripts }],
  });
  const text = (await licencesOf(Object.keys(metafile.inputs))) + outputFiles[0]!.text;
  if (/<\/(script|style)|<!--|\r/i.test(text)) throw new Error(`${entry} would end its own element`);
  return text;
}

function skipStylesOfScripts({
  onLoad,
}: Parameters<NonNullable<Parameters<typeof build>[0]['plugins']>[number]['setup']>[0]) {
  onLoad({ filter: /d3-flamegraph\.css$/ }, () => ({ contents: '', loader: 'empty' }));
}

/** The notices of every package in a bundle, as their licences ask; equal ones once. */
async function licencesOf(inputs: string[]): Promise<string> {
  const packages = new Set(
    inputs.flatMap(path => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  );
  const holders = new Map<string, string[]>();
  for (const name of [...packages].sort()) {
    const folder = join(root, 'node_modules', name);
    const file = (await readdir(folder)).find(each => /^licen[cs]e/i.test(each));
    if (!file) throw new Error(`${name} has no licence: it cannot be part of the page`);
    const text = (await readFile(join(folder, file), 'utf8')).replaceAll('\r\n', '\n').trim();
    holders.set(text, [...(holders.get(text) ?? []), name]);
  }
  const notices = [...holders].map(([text, names]) => `${names.join(', ')}:\n\n${text}`);
  if (notices.some(notice => notice.includes('*/'))) throw new Error('a licence would end its comment');
  return notices.length > 0 ? `/*\nThis page contains:\n\n${notices.join('\n\n')}\n*/\n` : '';
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPage();
