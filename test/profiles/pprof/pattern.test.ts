import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Pattern } from '../../../src/profiles/pprof/pattern.js';

const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\.', '\\w', '_', 'é');
const { pattern } = fc.letrec<{ pattern: string }>(tie => ({
  pattern: fc.oneof(
    { maxDepth: 5 },
    atom,
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(${a}|${b})`),
    fc.tuple(tie('pattern'), fc.constantFrom('*', '+', '?')).map(([a, op]) => `(?:${a})${op}`),
  ),
}));

test('a pattern matches what a regular expression of JavaScript matches', () => {
  let matched = 0;
  fc.assert(
    fc.property(
      pattern,
      fc.string({ unit: fc.constantFrom('a', 'b', '.', '_', 'é'), maxLength: 8 }),
      (source, text) => {
        const expected = new RegExp(`^(?:${source})$`, 'u').test(text);
        expect(Pattern.of(source)?.matches(text)).toBe(expected);
        if (expected) matched += 1;
      },
    ),
    { numRuns: 3000, seed: 1 },
  );
  expect(matched).toBeGreaterThan(200);
});

test('the patterns that pprof itself gives to heap profiles match allocators alone', () => {
  const dropped = Pattern.of(
    'runtime\\.(mallocgc|new.*|make(slice|map|chan)[0-9]*)|tcmalloc::.*|operator new(\\[\\])?|(__)?posix_memalign|std::_.*|.*::do_malloc_pages',
  )!;
  for (const name of [
    'runtime.mallocgc',
    'runtime.newobject',
    'runtime.makemap64',
    'operator new[]',
    'posix_memalign',
    'tcmalloc::X::do_malloc_pages',
  ]) {
    expect([name, dropped.matches(name)]).toEqual([name, true]);
  }
  for (const name of ['main.mallocgc', 'runtime.mallocgcs', 'runtimeXmallocgc', 'posix_memalign2', '']) {
    expect([name, dropped.matches(name)]).toEqual([name, false]);
  }
});

test('patterns that would take JavaScript for ever take time in proportion to the text', () => {
  for (const source of [
    '(a*)*',
    '(a|a)*',
    '(a|aa)+',
    '((a*)*)*',
    '(.*)*',
    'a?'.repeat(1000) + 'a'.repeat(1000),
  ]) {
    expect(Pattern.of(`(?:${source})b`)!.matches('a'.repeat(1000))).toBe(false);
  }
});

test('syntax that is not known, or too long, has no pattern', () => {
  const sources = [
    '(?i)a',
    '(?=a)',
    'a{3}',
    '^a',
    'a$',
    '\\pL',
    '\\Qa\\E',
    '\\1',
    '\\b',
    '[[:alpha:]]',
    '[z-a]',
    '(a',
    'a)',
    '*',
    '[',
    '\\',
    'a**b{',
    'a'.repeat(5000),
    '('.repeat(60) + ')'.repeat(60),
  ];
  for (const source of sources) expect([source, Pattern.of(source)]).toEqual([source, undefined]);
});
