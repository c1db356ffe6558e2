import type { UploadRequest } from '../load/request.js';
import type { RoundResult } from '../load/round.js';
import type { Reading } from '../probes/reading.js';
import type { PlannedRound } from './schedule.js';

/** A round: its purpose, the result of its uploads, the reading after it. */
export interface Round {
  step: PlannedRound;
  /** The duration of the uploads, or of the wait in their place. */
  seconds: number;
  readingSeconds: number;
  /** What was uploaded; absent if nothing was. */
  request?: UploadRequest;
  result?: RoundResult;
  /** Whether leakhunt was stopped or the machine asleep during it. */
  missed?: boolean;
  /** Whether the time limit was reached during it. */
  late?: boolean;
  /** Absent if the target was lost before it could be taken. */
  reading?: Reading;
}

/** The part of a round that a verdict needs. */
export interface JudgedRound extends Pick<Round, 'reading'> {
  step: Pick<PlannedRound, 'kind' | 'balanced'>;
  result?: Pick<RoundResult, 'completed'>;
  request?: { body: { size: number } };
}

export function readingsOf(rounds: readonly Pick<Round, 'reading'>[]): Reading[] {
  return rounds.flatMap(({ reading }) => reading ?? []);
}

/** The readings without the warm-up's. */
export function judgedReadings(rounds: readonly Round[]): Reading[] {
  return readingsOf(rounds).filter(({ kind }) => kind === 'upload' || kind === 'blank');
}

export function completedIn(rounds: readonly Round[]): number {
  return rounds.reduce((sum, { result }) => sum + (result?.completed ?? 0), 0);
}

/** The mean duration of a round of uploads. */
export function meanSeconds(rounds: readonly Round[]): number {
  const real = rounds.filter(({ result }) => result);
  return real.reduce((sum, { seconds }) => sum + seconds, 0) / Math.max(1, real.length);
}
