import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exitCodes } from '../../src/exit-codes.js';

const codes = Object.values(exitCodes);
const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test.each(['README.md', 'docs/compare.md'])('%s has a row for every exit code', path => {
  const rows = textOf(path).matchAll(/^\| (\d+) +\|/gm);
  expect([...rows].map(([, code]) => Number(code))).toEqual(codes);
});

test('what cannot even be loaded ends with the code of a fault of leakhunt itself', () => {
  expect(textOf('bin/leakhunt.js')).toContain(`process.exit(${exitCodes.internal})`);
});
