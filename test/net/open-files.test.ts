import { expect, test } from 'vitest';
import { checkOpenFiles, mostConnections } from '../../src/net/open-files.js';

test('as many connections as there are files beside leakhunt’s own are taken, and no more', () => {
  expect(() => checkOpenFiles(936, 1000)).not.toThrow();
  expect(() => checkOpenFiles(937, 1000)).toThrow(
    'lower -c to 936, or raise the limit, e.g. with ulimit -n 1024.',
  );
  expect(() => checkOpenFiles(1, 50)).toThrow(
    'this process may open only 50: raise the limit, e.g. with ulimit -n 128.',
  );
});

test('what tries a target opens no more either', () => {
  expect(mostConnections(1000)).toBe(936);
  expect(mostConnections(10)).toBe(1);
});

test('where the limit is not known nothing is refused', () => {
  expect(() => checkOpenFiles(10_000, undefined)).not.toThrow();
});
