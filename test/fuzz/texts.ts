import fc from 'fast-check';
import type { Parser } from '../support/parsers.js';

/** Texts for a parser: made of its own grammar, of anything, and of a unit that is repeated, within what they begin and end with. */
export function textsFor({ grammar, around }: Parser): fc.Arbitrary<string> {
  const char = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...grammar) },
    { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }) },
  );
  const word = fc.array(char, { maxLength: 60 }).map(chars => chars.join(''));
  const repeated = fc
    .tuple(word, fc.integer({ min: 1, max: 4_000 }))
    .map(([unit, times]) => unit.repeat(times).slice(0, 64 * 1024));
  const middle = fc.oneof(word, fc.string({ unit: 'binary', maxLength: 200 }), repeated);
  const pieces = fc.array(fc.oneof(middle, fc.constantFrom(...around.flat())), { maxLength: 5 });
  return fc
    .tuple(fc.constantFrom(...around), pieces)
    .map(([[before, after], inner]) => before + inner.join('') + after);
}
