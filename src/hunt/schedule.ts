import type { RoundKind } from '../load/round.js';
import { looks } from '../verdict/looks.js';

/** Blank rounds as long as a real one come after these rounds of uploads, between two looks each. */
const blanksAfter = new Set([2, 6, 12, 20, 33, 52, 76]);

/** Before the uploads: two readings back to back, then one after the duration of a round. */
const firstBlanks = ['short', 'short', 'long'] as const;

export interface PlannedRound {
  kind: RoundKind;
  /** The kind of a blank round: as long as a real one, or without a wait. */
  blank?: 'long' | 'short';
  /** Rounds of uploads done after this one; warm-up rounds not counted. */
  round: number;
  /** Whether to judge after it. */
  look: boolean;
  /** The index of the hunt's size that its uploads have. */
  size: number;
  /** Whether every size has been uploaded equally often; always true with one size. */
  balanced: boolean;
}

export interface ScheduleOptions {
  warmUpRounds: number;
  rounds: number | 'auto';
  maxRounds: number;
  /** How many sizes take turns; 1 if there is only one. */
  sizes: number;
}

/**
 * The rounds of a hunt in order. Several sizes take turns, there and back (a, b, c, c, b, a), so that a drift
 * over time affects each alike; the hunt is judged only when all had their turn, and so it ends there.
 */
export function* schedule({
  warmUpRounds,
  rounds,
  maxRounds,
  sizes,
}: ScheduleOptions): Generator<PlannedRound> {
  const upToEven = (round: number) => Math.ceil(round / sizes) * sizes;
  const last = upToEven(rounds === 'auto' ? maxRounds : rounds);
  const looksAt = new Set(looks.map(upToEven));
  const quiet = { look: false, size: 0, balanced: true };
  yield { kind: 'start', round: 0, ...quiet };
  for (let i = 0; i < warmUpRounds; i += 1) yield { kind: 'warm-up', round: 0, ...quiet, size: i % sizes };
  for (const blank of firstBlanks) yield { kind: 'blank', blank, round: 0, ...quiet };
  for (let round = 1; round <= last; round += 1) {
    const look = round === last || (rounds === 'auto' && looksAt.has(round));
    const balanced = round % sizes === 0;
    yield { kind: 'upload', round, look, size: turn(round - 1, sizes), balanced };
    if (blanksAfter.has(round) && round < last)
      yield { kind: 'blank', blank: 'long', round, ...quiet, balanced };
  }
}

function turn(index: number, sizes: number): number {
  const place = index % sizes;
  return Math.floor(index / sizes) % 2 === 0 ? place : sizes - 1 - place;
}
