import { expect, test } from 'vitest';
import { type Parser, parsers } from './support/parsers.js';

const [short, long] = [16 * 1024, 64 * 1024];
/** Four times the text may take so many times as long: what is quadratic takes sixteen. */
const most = 8;
/** Milliseconds in which nobody is kept waiting. */
const floor = 60;

const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
const repeated = [...printable, '\t', '\n', '\r', '\0', '\u00e9'];

/** Of the processor's time: what else the machine does meanwhile costs none of it. */
function timeOf({ parse }: Parser, text: string): number {
  const start = process.cpuUsage();
  try {
    parse(text);
  } catch {
    // A text that is refused is read as well.
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** Whether a text of a repeated unit takes more than its length says; what seems to is tried twice more. */
function isSlow(parser: Parser, [before, after]: Parser['around'][number], unit: string): boolean {
  const timeAt = (length: number) => timeOf(parser, before + unit.repeat(length / unit.length) + after);
  return [1, 2, 3].every(() => {
    const taken = timeAt(long);
    return taken > floor && taken > most * timeAt(short) + floor;
  });
}

test.each(parsers)(
  '$name is read in linear time, whatever is repeated in it',
  parser => {
    const grammar = [...parser.grammar];
    const pairs = grammar.flatMap(a => grammar.map(b => a + b));
    const slow = parser.around.flatMap(around =>
      [...new Set([...repeated, ...pairs])]
        .filter(unit => isSlow(parser, around, unit))
        .map(unit => JSON.stringify([around[0], unit, around[1]])),
    );
    expect(slow).toEqual([]);
  },
  300_000,
);
