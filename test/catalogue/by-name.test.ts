import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';
import { sources } from '../../src/probes/catalogue.js';
import { resourceNames } from '../../src/probes/resource-questions.js';

const src = fileURLToPath(new URL('../../src', import.meta.url));
const catalogues = [new Set<string>(resourceNames), new Set(Object.keys(sources))];
const isName = (word: unknown) => typeof word === 'string' && catalogues.some(names => names.has(word));

/** The catalogues themselves, and the sources: each says its own name, and what it reads. */
const namers = new Set([
  ...['resources', 'catalogue'].map(name => `probes/${name}.ts`),
  ...Object.keys(sources).map(name => `probes/sources/${name}.ts`),
]);

/** Where a name stands for all that, by file. */
const allowed: Record<string, string[]> = {
  // The form that something was written in tells of these resources, and of no other.
  'probes/sources/exec-output.ts': ['anon', 'rss', 'shmem', 'threads'],
  // A part of a source: what Node tells of one of its heaps.
  'probes/sources/inspector-isolate.ts': ['active-handles', 'array-buffers', 'external', 'heap'],
  'profiles/descriptors.ts': ['disk', 'open-files', 'sockets', 'temp-files', 'threads'],
  'profiles/go/goroutines.ts': ['goroutines'],
  'profiles/go/heap.ts': ['heap', 'heap-objects'],
  'profiles/jvm/flight-recording.ts': ['threads'],
  'profiles/jvm/histogram.ts': ['heap', 'heap-objects'],
  'profiles/jvm/native-memory.ts': ['anon'],
  'profiles/python/sites.ts': [
    ...[
      'anon',
      'disk',
      'heap',
      'heap-objects',
      'open-files',
      'rss',
      'sockets',
      'tasks',
      'temp-files',
      'threads',
    ],
  ],
  'profiles/v8/sampling.ts': ['heap'],
  'verdict/culprits/growth-profile.ts': ['goroutines', 'heap', 'heap-objects'],
  'verdict/culprits/origins.ts': ['goroutines'],
  // A family that is called like a resource.
  'probes/resource-questions.ts': ['heap', 'stack'],
  // Another thing of the same name: a program, a file, a word that is no secret, what is known of a process.
  'hunt/profile-files.ts': ['heap'],
  'probes/sources/jdk-tool.ts': ['jcmd'],
  'secrets/values.ts': ['heap'],
  'target/demo/demo.ts': ['inspector', 'pid'],
  'target/locate/follow.ts': ['pid'],
  'target/locate/over-connections.ts': ['pid'],
  'target/processes/jvm-properties.ts': ['jcmd'],
  'target/processes/settings.ts': ['jcmd'],
  'target/start/containers.ts': ['docker'],
  // A flag, and a format of reports.
  'commands/curl/data.ts': ['json'],
  'commands/curl/group.ts': ['json'],
  'commands/curl/request.ts': ['json'],
  'commands/history/repeat-secrets.ts': ['json'],
  'commands/history/repeat.ts': ['json'],
  'commands/outputs/flags.ts': ['json', 'prometheus'],
  'reports/index.ts': ['json', 'prometheus'],
};

interface Tree {
  type: string;
  [key: string]: unknown;
}

/** The names that a file decides by: words that are one, fields of what is kept by name, tables by name. */
function namesIn(text: string): string[] {
  const found = new Set<string>();
  walk(parseSync('file.ts', text).program as unknown as Tree, undefined);
  return [...found].sort();

  function walk(node: unknown, parent: Tree | undefined): void {
    if (Array.isArray(node)) for (const each of node) walk(each, parent);
    if (!isTree(node)) return;
    if (node.type === 'Literal' && isName(node.value) && !isType(parent) && !isOfSite(parent)) {
      found.add(node.value as string);
    }
    if (node.type === 'MemberExpression' && keptByName.has(nameOf(node.object)) && isName(nameOf(node))) {
      found.add(nameOf(node));
    }
    if (node.type === 'ObjectExpression') {
      const keys = (node.properties as Tree[]).map(({ key }) => nameOf(key));
      const tables = catalogues.map(names => keys.filter(key => names.has(key)));
      for (const table of tables) if (table.length > 1) for (const key of table) found.add(key);
    }
    for (const [key, child] of Object.entries(node)) if (key !== 'parent') walk(child, node);
  }
}

const keptByName = new Set(['values', 'margins', 'tolerances', 'defaultMargins', 'resources', 'sources']);

function isTree(node: unknown): node is Tree {
  return typeof node === 'object' && node !== null && 'type' in node;
}

function isType(parent: Tree | undefined): boolean {
  return parent?.type.startsWith('TS') ?? false;
}

/** Whether it is the kind of a site that is looked at: goroutines that wait are one. */
function isOfSite(parent: Tree | undefined): boolean {
  return parent?.type === 'BinaryExpression' && nameOf(parent.left) === 'kind';
}

/** What is said last of an expression: `values` of `reading.values`. */
function nameOf(node: unknown): string {
  if (!isTree(node)) return '';
  const { type, name, value, property, expression } = node;
  if (type === 'Identifier') return String(name);
  if (type === 'Literal') return String(value);
  return nameOf(property ?? expression);
}

test('a set, a comparison, a field and a table by names are seen as what they are', () => {
  expect(namesIn("const slow = new Set(['rss', 'other']);")).toEqual(['rss']);
  expect(namesIn("if (name === 'heap') again(source !== 'pprof');")).toEqual(['heap', 'pprof']);
  expect(namesIn('const now = reading.values.anon ?? values!.rss;')).toEqual(['anon', 'rss']);
  expect(namesIn("const { heap } = all; f(values['open-files'])")).toEqual(['open-files']);
  expect(namesIn('const ports = { pprof: 6060, inspector: 9229 };')).toEqual(['inspector', 'pprof']);
  expect(
    namesIn("if (kind === 'goroutines') type T = 'heap' | 'rss'; const s = { stack: [], pid };"),
  ).toEqual([]);
});

test('nothing but the catalogues decides by the name of a resource or of a source', () => {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    name => name.endsWith('.ts') && !name.endsWith('.generated.ts') && !namers.has(name),
  );
  expect(files.length).toBeGreaterThan(100);
  const deciding = files
    .map(name => [name, namesIn(readFileSync(join(src, name), 'utf8'))] as const)
    .filter(([, names]) => names.length > 0);
  expect(Object.fromEntries(deciding)).toEqual(allowed);
});
