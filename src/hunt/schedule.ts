import type { RoundKind } from '../load/round.js';

/** After so many rounds of uploads every series is judged (unless the number of rounds is fixed). */
export const looks = [8, 16, 24, 48, 96];

/** Blank rounds as long as a real one come after these rounds of uploads, between two looks each. */
const blanksAfter = new Set([2, 6, 12, 20, 36, 72]);

/** Before the uploads: two readings back to back, then one after as long as a round takes. */
const firstBlanks = ['short', 'short', 'long'] as const;

export interface Step {
  kind: RoundKind;
  /** Of a blank round: as long as a real one, or no wait at all. */
  blank?: 'long' | 'short';
  /** Rounds of uploads done once this one is; warm-up rounds not counted. */
  round: number;
  /** Whether to judge after it. */
  look: boolean;
}

/** The rounds of a hunt in their order, `rounds` of them with uploads. */
export function* schedule(warmUpRounds: number, rounds: number | 'auto', maxRounds: number): Generator<Step> {
  const last = rounds === 'auto' ? maxRounds : rounds;
  yield { kind: 'start', round: 0, look: false };
  for (let i = 0; i < warmUpRounds; i += 1) yield { kind: 'warm-up', round: 0, look: false };
  for (const blank of firstBlanks) yield { kind: 'blank', blank, round: 0, look: false };
  for (let round = 1; round <= last; round += 1) {
    const look = round === last || (rounds === 'auto' && looks.includes(round));
    yield { kind: 'upload', round, look };
    if (blanksAfter.has(round) && round < last) yield { kind: 'blank', blank: 'long', round, look: false };
  }
}
