import type { UploadRequest } from '../load/request.js';
import type { RoundResult } from '../load/round.js';
import type { Reading } from '../probes/reading.js';
import type { PlannedRound } from './schedule.js';

/** A round as it was: what it was for, what came of its uploads, the reading after it. */
export interface Round {
  step: PlannedRound;
  /** Of the uploads, or of the wait in their place. */
  seconds: number;
  readingSeconds: number;
  /** What was uploaded; absent where nothing was. */
  request?: UploadRequest;
  result?: RoundResult;
  /** Whether leakhunt was stopped in it, or the machine asleep. */
  missed?: boolean;
  /** Whether the time limit was reached in it. */
  late?: boolean;
  /** Absent where the target was lost before it could be taken. */
  reading?: Reading;
}

/** A round as far as it is judged. */
export interface JudgedRound extends Pick<Round, 'reading'> {
  step: Pick<PlannedRound, 'kind' | 'balanced'>;
  result?: Pick<RoundResult, 'completed'>;
  request?: { body: { size: number } };
}

export function readingsOf(rounds: readonly Pick<Round, 'reading'>[]): Reading[] {
  return rounds.flatMap(({ reading }) => reading ?? []);
}

/** Warm-up left out. */
export function judgedReadings(rounds: readonly Round[]): Reading[] {
  return readingsOf(rounds).filter(({ kind }) => kind === 'upload' || kind === 'blank');
}

export function completedIn(rounds: readonly Round[]): number {
  return rounds.reduce((sum, { result }) => sum + (result?.completed ?? 0), 0);
}

/** What a round of uploads took on average. */
export function meanSeconds(rounds: readonly Round[]): number {
  const real = rounds.filter(({ result }) => result);
  return real.reduce((sum, { seconds }) => sum + seconds, 0) / Math.max(1, real.length);
}
