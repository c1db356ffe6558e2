import { withBaseline } from '../../compare/baseline.js';
import { differencesOf, type HuntSetup, setupOf, setupOfPlan } from '../../compare/setup.js';
import { type LeakhuntError, usageError } from '../../errors.js';
import type { ReadOptions } from '../../hunt/options.js';
import { planHunt } from '../../hunt/plan.js';
import { readRecord } from '../../record/read.js';
import type { Hunt } from '../../record/record.js';
import type { Streams } from '../program/streams.js';

/** The record that a hunt is measured against. */
export interface Baseline {
  /** The hunt with its leaks compared with the baseline, or unchanged and why the two cannot be compared. */
  beside(hunt: Hunt): { hunt: Hunt; refusal?: LeakhuntError };
}

/**
 * Reads `--baseline` before the hunt, so that one that cannot be compared fails before the work: a bad file,
 * a hunt that measured nothing, another load. What only the target can tell is checked after the hunt.
 */
export async function openBaseline(
  path: string | undefined,
  options: ReadOptions,
  streams: Pick<Streams, 'stdin'>,
): Promise<Baseline> {
  if (path === undefined) return { beside: hunt => ({ hunt }) };
  const record = await readRecord(path, streams.stdin);
  const name = `--baseline "${path}"`;
  if (record.error) {
    throw usageError(
      'BAD_BASELINE',
      `${name} contains no measurement (${record.error.message}): hunt again, and write the record with --json.`,
    );
  }
  const before = setupOf(record);
  const refusal = (setup: HuntSetup) =>
    refusalOf(differencesOf(before, setup, ['The baseline', 'this hunt']), name);
  const foreseen = refusal(setupOfPlan(planHunt(options)));
  if (foreseen) throw foreseen;
  return {
    beside(hunt) {
      const measured = hunt.resources.length > 0 && !hunt.error;
      const found = measured ? refusal(setupOf(hunt)) : undefined;
      return found ? { hunt, refusal: found } : { hunt: withBaseline(hunt, record, path) };
    },
  };
}

function refusalOf(differences: string[], name: string): LeakhuntError | undefined {
  if (differences.length === 0) return undefined;
  return usageError(
    'OTHER_BASELINE',
    [`${name} was measured differently.`, ...differences, 'Or create a new baseline with --json.'].join('\n'),
  );
}
