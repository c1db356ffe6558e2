import { expect, test } from 'vitest';
import { decodePprof } from '../../../src/profiles/pprof/decode.js';
import { prune } from '../../../src/profiles/pprof/prune.js';
import { bytesOf, chunk, int, packed, text } from './proto.js';

const names = ['main', 'work', 'pkg.(*T).alloc', 'malloc', 'deep', 'operator()(int)'];
const [main, work, alloc, malloc, deep, operator] = names.map((_, i) => i + 1) as [
  number,
  number,
  number,
  number,
  number,
  number,
];

/** The names of a stack's frames, the leaf first, each group of locations inlined; pruned as the patterns say. */
function pruned(groups: number[][], drop: string, keep?: string): string[] {
  const strings = ['', 'count', drop, ...names, ...(keep === undefined ? [] : [keep])];
  const profile = decodePprof(
    bytesOf(
      chunk(1, int(1, 1)),
      chunk(2, packed(1, ...groups.map((_, i) => i + 1)), packed(2, 1)),
      groups.flatMap((lines, i) =>
        chunk(
          4,
          int(1, i + 1),
          lines.flatMap(each => chunk(4, int(1, each))),
        ),
      ),
      names.flatMap((_, i) => chunk(5, int(1, i + 1), int(2, i + 3))),
      strings.flatMap(each => text(6, each)),
      int(7, 2),
      keep === undefined ? [] : int(8, strings.length - 1),
    ),
  );
  const stacks = prune(profile);
  return [...stacks.locationsOf(0)].flatMap(at => stacks.framesAt(at).map(frame => frame.function));
}

test('what drop_frames names goes, with all it called', () => {
  expect(pruned([[deep], [malloc], [work], [main]], 'malloc')).toEqual(['work', 'main']);
  expect(pruned([[malloc], [work], [malloc], [main]], 'malloc')).toEqual(['main']);
  expect(pruned([[work], [main]], 'malloc')).toEqual(['work', 'main']);
});

test('of inlined frames, those up to the one that is named go', () => {
  expect(pruned([[deep, malloc, work], [main]], 'malloc')).toEqual(['work', 'main']);
  expect(pruned([[deep], [malloc, work], [main]], 'malloc')).toEqual(['work', 'main']);
  expect(pruned([[deep], [work, malloc], [main]], 'malloc')).toEqual(['main']);
});

test('what keep_frames names stays', () => {
  expect(pruned([[deep], [malloc], [work], [main]], 'malloc|deep', 'malloc')).toEqual([
    'malloc',
    'work',
    'main',
  ]);
});

test('a stack of nothing but such frames stays as it is', () => {
  expect(pruned([[deep], [malloc]], 'malloc|deep')).toEqual(['deep', 'malloc']);
});

test('names match without their arguments', () => {
  expect(pruned([[operator], [main]], 'operator\\(\\)')).toEqual(['main']);
  expect(pruned([[alloc], [main]], 'pkg\\.')).toEqual(['main']);
});

test('patterns that cannot be used leave the stacks as they are', () => {
  for (const drop of ['(?i)malloc', 'mal{2}oc', '(malloc', 'a'.repeat(5000)]) {
    expect(pruned([[malloc], [main]], drop)).toEqual(['malloc', 'main']);
  }
  expect(pruned([[malloc], [main]], 'malloc', '(?i)malloc')).toEqual(['malloc', 'main']);
});
