import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** The stages in the order in which data flows; the files beside the folders come before or after them all. */
const basics = [
  'text.ts',
  'exit-codes.ts',
  'package-folder.ts',
  'errors.ts',
  'awake.ts',
  'address.ts',
  'amounts.ts',
  'redact.ts',
  'secrets',
  'units.ts',
  'version.ts',
];
const stages = [
  'fixtures',
  'net',
  'load',
  'target',
  'probes',
  'profiles',
  'series',
  'statistics',
  'verdict',
  'hunt',
  'reports',
  'commands',
  'testing',
];
const order = [...basics, ...stages, 'index.ts', 'cli.ts'];

const stageOf = (path: string) => relative(src, path).split(sep)[0]!;
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'));
const imports = files.flatMap(name => {
  const path = join(src, name);
  const found = readFileSync(path, 'utf8').matchAll(
    /^(?:import|export)[^;]*?from '(\.[^']+)\.js'|import\('(\.[^']+)\.js'\)/gms,
  );
  return [...found].map(([, at, late]) => ({
    name,
    from: stageOf(path),
    to: stageOf(`${join(dirname(path), at ?? late!)}.ts`),
  }));
});

test('every file belongs to a stage', () => {
  expect(files.filter(name => !order.includes(stageOf(join(src, name))))).toEqual([]);
});

test('imports point one way: a stage knows only those before it', () => {
  expect(imports.length).toBeGreaterThan(50);
  expect(imports.filter(({ from, to }) => order.indexOf(to) > order.indexOf(from))).toEqual([]);
});

test('profiles, statistics, verdict and reports do no input and no output', () => {
  const pure = files.filter(name =>
    ['profiles', 'series', 'statistics', 'verdict', 'reports'].includes(stageOf(join(src, name))),
  );
  const touching = pure.filter(name =>
    /from 'node:(?!util|zlib)|console\.|process\.(std|env|exit)/.test(readFileSync(join(src, name), 'utf8')),
  );
  expect(touching).toEqual([]);
});
