import { describe, expect, test } from 'vitest';
import { sfc32 } from '../../src/fixtures/sfc32.js';
import { farEndsOf } from '../../src/profiles/far-ends.js';
import { familiesOf } from '../../src/profiles/name-families.js';

const source = sfc32(7);
const of = (alphabet: string, length: number) =>
  Array.from({ length }, () => alphabet[source.next() % alphabet.length]).join('');
/** Python's tempfile, and Node's mkdtemp. */
const python = () => of('abcdefghijklmnopqrstuvwxyz0123456789_', 8);
const letters = () => of('abcdefghijklmnopqrstuvwxyz', 8);
const node = () => of('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 6);
const hex = () => of('0123456789abcdef', 32);
const many = (name: (i: number) => string, count = 400) => Array.from({ length: count }, (_, i) => name(i));

const patternsOf = (fresh: string[], old: string[] = []) =>
  [...new Set(familiesOf(fresh, old).values())].sort();

describe('one family of files is one pattern', () => {
  test.each<[string, (i: number) => string, string]>([
    ["Python's tempfile", () => `/tmp/upload-${python()}`, '/tmp/upload-*'],
    ["Python's tempfile without a prefix of one's own", () => `/tmp/tmp${python()}`, '/tmp/tmp*'],
    ['random letters alone', () => `/tmp/${letters()}.part`, '/tmp/*.part'],
    ['a random folder for each', () => `/tmp/app-${node()}/body`, '/tmp/app-*/body'],
    ['hexadecimal digits', () => `/srv/data/${hex()}`, '/srv/data/*'],
    ['folders of hexadecimal digits', () => `/srv/${hex().slice(0, 2)}/${hex()}.bin`, '/srv/*/*.bin'],
    ['numbers', i => `/tmp/multipart-${1_000_000 + 7919 * i}`, '/tmp/multipart-*'],
    ['a counter that gains a digit', i => `/tmp/part-${9_800 + i}.bin`, '/tmp/part-*.bin'],
    ['a date and a random end', i => `/tmp/up-2026-11-26-${i}-${node()}.png`, '/tmp/up-2026-11-26-*.png'],
    ['a number that stays and one that counts', i => `/srv/v2/worker-3/${i}.tmp`, '/srv/v2/worker-3/*.tmp'],
    ['a removed file', () => `/tmp/upload-${python()} (deleted)`, '/tmp/upload-* (deleted)'],
    ['the same file again and again', () => '/srv/app/data.bin', '/srv/app/data.bin'],
    ['threads', i => `pool-${i}-thread-1`, 'pool-*-thread-1'],
  ])('%s', (_, name, pattern) => {
    expect(patternsOf(many(name))).toEqual([pattern]);
  });
});

describe('several families in one folder are told apart', () => {
  test('by what they begin with', () => {
    const names = [
      ...many(() => `/tmp/upload-${python()}`),
      ...many(() => `/tmp/thumb-${letters()}`),
      ...many(() => `/tmp/user-${node()}`),
    ];
    expect(patternsOf(names)).toEqual(['/tmp/thumb-*', '/tmp/upload-*', '/tmp/user-*']);
  });

  test('by what they end with', () => {
    const names = many(() => `/tmp/${letters()}`).flatMap(each => [`${each}/body`, `${each}/meta.json`]);
    expect(patternsOf(names)).toEqual(['/tmp/*/body', '/tmp/*/meta.json']);
  });

  test('and random names beside them are one more', () => {
    const names = [...many(() => `/tmp/upload-${python()}`), ...many(() => `/tmp/${hex()}`)];
    expect(patternsOf(names)).toEqual(['/tmp/*', '/tmp/upload-*']);
  });

  test('by their folders', () => {
    const names = [...many(i => `/srv/a/${i}`), ...many(i => `/srv/b/${i}`)];
    expect(patternsOf(names)).toEqual(['/srv/a/*', '/srv/b/*']);
  });
});

test('two names or three are told by what random names look like', () => {
  expect(patternsOf(['/tmp/multipart-183746', '/tmp/multipart-992817', '/srv/app.log'])).toEqual([
    '/srv/app.log',
    '/tmp/multipart-*',
  ]);
});

test('what was there before belongs to the family that it fits, or to one of its own', () => {
  const names = familiesOf(
    many(() => `/tmp/upload-${letters()}`),
    ['/tmp/upload-abcdefgh', '/tmp/upload-a/b', '/srv/server.js'],
  );
  expect(names.get('/tmp/upload-abcdefgh')).toBe('/tmp/upload-*');
  expect(names.get('/tmp/upload-a/b')).toBe('/tmp/upload-a/b');
  expect(names.get('/srv/server.js')).toBe('/srv/server.js');
});

test('sockets are told by their far end, one of many by what they share', () => {
  const to = (host: string, port: number) => `TCP to ${host}:${port}`;
  const names = [
    'TCP accepted on 127.0.0.1:8000',
    to('127.0.0.1', 9092),
    ...many(i => to(`10.0.0.${i}`, 443), 20),
    ...many(i => to('10.1.0.1', 50_000 + i), 20),
    'socket that is not TCP, or not connected',
  ];
  expect([...new Set(farEndsOf(names).values())]).toEqual([
    'TCP accepted on 127.0.0.1:8000',
    'TCP to 127.0.0.1:9092',
    'TCP to *:443',
    'TCP to 10.1.0.1:*',
    'socket that is not TCP, or not connected',
  ]);
});

test('twenty thousand names take less than a second, and long ones no more', () => {
  const start = performance.now();
  familiesOf(many(() => `/tmp/${'a/'.repeat(100)}${python()}`, 20_000));
  familiesOf(
    many(i => `/tmp/${'*'.repeat(i % 300)}`, 5_000),
    many(() => `/tmp/${'*'.repeat(4_000)}x`, 50),
  );
  expect(performance.now() - start).toBeLessThan(5_000);
});
