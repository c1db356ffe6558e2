import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

/**
 * The parts in the order in which data flows: folders, and files that belong behind or before the rest of their folder.
 * A file is of the narrowest part that it lies in.
 */
const order = `
  text.ts exit-codes.ts errors.ts address.ts amounts.ts redact.ts units.ts package-folder.ts version.ts awake.ts
  secrets
  fixtures
  net
  load/body load load/http load/scenarios load/connections load/threads load/round.ts
  target/processes target/containers target/locate target/start target/demo
  probes probes/sources probes/catalogue.ts probes/places.ts probes/index.ts probes/discover.ts
  probes/live-probes.ts probes/reader.ts
  profiles profiles/pprof profiles/go profiles/v8 profiles/jvm profiles/python
  profiles/index.ts
  statistics
  verdict/verdict.ts verdict/series.ts verdict/judge verdict verdict/culprits
  record
  hunt
  compare
  reports/options.ts reports/text reports/terminal reports/markdown reports/html reports/junit reports/prometheus
  reports/comparison reports
  commands/program commands/curl commands/config commands/outputs commands/history commands/upload commands
  commands/compare commands/run commands/init commands/completion
  testing
  index.ts cli.ts
`
  .trim()
  .split(/\s+/);

/** What opens a file: a record, and the schema that it is held against. */
const readsRecords = ['record/read.ts', 'record/schema.ts'];

/** The narrowest part that a file lies in. */
function partOf(path: string): string | undefined {
  if (order.includes(path)) return path;
  return order.includes(dirname(path)) ? dirname(path) : undefined;
}

const stageOf = (path: string) => path.split('/')[0]!;
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .map(name => name.split(sep).join('/'));
const imports = files.flatMap(from => {
  const found = readFileSync(join(src, from), 'utf8').matchAll(
    /^(?:import|export)[^;]*?from '(\.[^']+)\.js'/gms,
  );
  return [...found].map(([, to]) => ({ from, to: posix.join(dirname(from), `${to}.ts`) }));
});

test('every file belongs to a part', () => {
  expect(files.filter(name => partOf(name) === undefined)).toEqual([]);
});

test('every part has a file', () => {
  expect(order.filter(part => !files.some(name => partOf(name) === part))).toEqual([]);
});

test('imports point one way, between folders within a stage as well: a part knows only those before it', () => {
  expect(imports.length).toBeGreaterThan(1000);
  const place = (path: string) => order.indexOf(partOf(path)!);
  const back = imports.filter(({ from, to }) => place(to) > place(from));
  expect(back.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

test('no file imports itself by way of others, not even a type', () => {
  const importedBy = (file: string) => imports.flatMap(({ from, to }) => (from === file ? to : []));
  const done = new Set<string>();
  const cycles: string[] = [];
  const follow = (file: string, way: string[]) => {
    if (way.includes(file)) cycles.push([...way.slice(way.indexOf(file)), file].join(' > '));
    if (way.includes(file) || done.has(file)) return;
    for (const to of importedBy(file)) follow(to, [...way, file]);
    done.add(file);
  };
  for (const file of files) follow(file, []);
  expect(cycles).toEqual([]);
});

test('reports need records, not hunts', () => {
  const needing = imports.filter(({ from, to }) => stageOf(from) === 'reports' && stageOf(to) === 'hunt');
  expect(needing).toEqual([]);
});

test('profiles, statistics, verdict, record and reports do no input and no output, but to read a record', () => {
  const pure = files.filter(
    name =>
      ['profiles', 'statistics', 'verdict', 'record', 'reports'].includes(stageOf(name)) &&
      !readsRecords.includes(name),
  );
  const touching = pure.filter(name =>
    /from 'node:(?!util|zlib)|console\.|process\.(std|env|exit)/.test(readFileSync(join(src, name), 'utf8')),
  );
  expect(touching).toEqual([]);
});
