import { AssertionError } from 'node:assert';
import { Chalk } from 'chalk';
import { exitCodes } from '../exit-codes.js';
import { hunt } from '../hunt/hunt.js';
import type { HuntOptions } from '../hunt/options.js';
import { type Hunt, scenariosOf } from '../record/record.js';
import { table } from '../reports/terminal/terminal.js';
import { plain } from '../reports/text/plain.js';
import { verdictWord } from '../reports/text/self-usage.js';
import { closingSentence } from '../reports/text/verdict.js';

/** The options of `hunt`, and the command line's short names for two of them. */
export interface ExpectFlatOptions extends HuntOptions {
  /** The same as `uploadsPerRound`. */
  n?: number;
  /** The same as `concurrency`. */
  c?: number;
  /** A hunt without a verdict passes. */
  allowInconclusive?: boolean;
}

/** A leak as an assertion's error: test runners of every kind know how to show it. */
export class LeakError extends AssertionError {
  override name = 'LeakError';
  /** The whole record. Not enumerable, because test runners print enumerable properties. */
  declare readonly hunt: Hunt;

  constructor(record: Hunt, caller: (options: ExpectFlatOptions) => unknown) {
    super({
      message: messageOf(record),
      actual: verdictWord(record),
      expected: 'flat',
      operator: 'expectFlat',
      stackStartFn: caller,
    });
    Object.defineProperty(this, 'hunt', { value: record });
  }
}

/**
 * Hunts, prints nothing, and resolves to the record if it is flat. Rejects with a `LeakError` if it is not,
 * and with the `LeakhuntError` of `hunt` if nothing could be measured.
 */
export async function expectFlat({ n, c, allowInconclusive, ...options }: ExpectFlatOptions): Promise<Hunt> {
  const record = await hunt({ uploadsPerRound: n, concurrency: c, ...options });
  const passes = record.exitCode === exitCodes.inconclusive && allowInconclusive;
  if (record.exitCode === exitCodes.flat || passes) return record;
  throw new LeakError(record, expectFlat);
}

const columns = 100;

/** The verdict in a sentence, and the table behind it. */
function messageOf(record: Hunt): string {
  const tables = scenariosOf(record)
    .filter(({ resources }) => resources.length > 0)
    .map(part => table(part, new Chalk({ level: 0 }), columns));
  return [plain(closingSentence(record)), ...tables].join('\n\n');
}
