import { LeakhuntError } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import { hunt } from '../hunt/hunt.js';
import type { HuntOptions } from '../hunt/options.js';
import type { Hunt } from '../record/record.js';

/** The side that a hunt belongs to. */
export type SideName = 'before' | 'after';

/**
 * Hunts two targets in turn: before, after, after, before, each hunt with its own warm-up and half of the
 * rounds and the time. A drift over time, at whatever speed, then affects both sides alike. Ends early if a
 * target could not be measured; rejects with exit code 130 if it was interrupted.
 */
export async function huntInTurn(options: Record<SideName, HuntOptions>): Promise<Record<SideName, Hunt[]>> {
  const hunts: Record<SideName, Hunt[]> = { before: [], after: [] };
  for (const place of ['before', 'after', 'after', 'before'] as const) {
    const record = await hunt(halved(options[place]));
    if (record.end === 'interrupted') throw interrupted();
    hunts[place].push(record);
    if (record.error && hunts.before.length > 0 && hunts.after.length > 0) break;
  }
  return hunts;
}

export function interrupted(): LeakhuntError {
  return new LeakhuntError(
    'INTERRUPTED',
    'Interrupted before both sides were measured, so there is nothing to compare.',
    exitCodes.interrupted,
  );
}

const fewestRounds = 3;

/**
 * The same hunt with half of the rounds and the time. A heap snapshot at its end would raise the high-water
 * mark of the next hunt, and a comparison makes no use of it.
 */
function halved(options: HuntOptions): HuntOptions {
  const half = (rounds: number) => Math.max(fewestRounds, Math.ceil(rounds / 2));
  const { rounds, maxRounds = 96, timeLimit = 600 } = options;
  return {
    ...options,
    rounds: typeof rounds === 'number' ? half(rounds) : rounds,
    maxRounds: half(maxRounds),
    timeLimit: timeLimit / 2,
    snapshots: false,
  };
}
