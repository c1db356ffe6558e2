import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root, yaml } from './ci/shell.js';
import { type Example, examples, stepsOf } from './support/examples.js';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
/** Every page and every YAML file that people or GitHub read. */
const files = ['.', 'docs', 'examples', '.github'].flatMap(folder =>
  readdirSync(join(root, folder), { recursive: folder !== '.', encoding: 'utf8' })
    .map(path => join(folder, path))
    .filter(path => /\.(md|ya?ml)$/.test(path) && !path.includes('node_modules')),
);
const { version, repository, homepage, bugs } = JSON.parse(read('package.json'));
const owned = /^git\+https:\/\/github\.com\/([\w-]+\/leakhunt)\.git$/.exec(repository.url)![1]!;

test('repository, homepage and bugs of the package are of one repository', () => {
  expect(homepage).toBe(`https://github.com/${owned}#readme`);
  expect(bugs).toBe(`https://github.com/${owned}/issues`);
});

test('every page, form and workflow names the repository as the package does', () => {
  const named = files.flatMap(path =>
    [...read(path).matchAll(/(?:github\.com\/|uses: )([\w-]+\/leakhunt)\b/g)].map(([, other]) => ({
      path,
      other,
    })),
  );
  expect(named.length).toBeGreaterThanOrEqual(Object.keys(examples).length + 2);
  expect(named.filter(({ other }) => other !== owned)).toEqual([]);
});

test('every workflow, form and example of a job is YAML', () => {
  const documents = files.filter(path => /\.ya?ml$/.test(path));
  expect(documents.length).toBeGreaterThanOrEqual(10);
  for (const path of documents) expect(yaml.parse(read(path)), path).toBeTypeOf('object');
});

test('CI runs what a developer runs', () => {
  const { jobs } = yaml.parse(read('.github/workflows/ci.yml')) as {
    jobs: { ci: { steps: { run?: string }[] } };
  };
  expect(jobs.ci.steps.at(-1)).toEqual({ run: '.ci/run' });
});

test('the changelog has a section for what is not released, and names the version to come', () => {
  const unreleased = read('CHANGELOG.md')
    .split(/^## /m)
    .find(section => section.startsWith('[Unreleased]\n'));
  expect(unreleased).toContain(`${version} will be the first release`);
});

test('docs/architecture.md names tests and pages that exist', () => {
  const text = read('docs/architecture.md');
  const proofs = [...text.matchAll(/\| `(test\/[^`]+)`: (.+?) \|$/gm)];
  expect(proofs.length).toBeGreaterThan(10);
  for (const [, path, claim] of proofs) expect(read(path!), `${path}: ${claim}`).toContain(`'${claim}'`);
});

test.each(files.filter(path => path.endsWith('.md')))('the links of %s lead to files', path => {
  const links = [...read(path).matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(([, to]) => to!);
  expect(links.filter(to => !existsSync(join(root, path, '..', to)))).toEqual([]);
});

test.each(Object.keys(examples) as Example[])(
  'the README of the example in %s shows its job',
  async example => {
    const { action } = await stepsOf(example);
    const text = read(`examples/${example}/README.md`);
    for (const input of ['start', 'url', 'args']) expect(text).toContain(action.with![input]);
    expect(text.trimEnd().split('\n')).toHaveLength(3);
    expect(text).toContain('LEAK=1');
  },
);
