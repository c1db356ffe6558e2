import { setTimeout as sleep } from 'node:timers/promises';
import { LeakhuntError } from '../errors.js';
import type { UploadRequest } from '../load/client.js';
import { type RoundResult, runRound } from '../load/round.js';
import type { Reader } from '../probes/reader.js';
import type { Reading } from '../probes/reading.js';
import { seriesOf } from '../series/series.js';
import { allDecided, findingsOf, type JudgingOptions } from '../verdict/findings.js';
import type { HuntEvent } from './events.js';
import { memoryRunsOut } from './memory-guard.js';
import type { Plan } from './plan.js';
import type { End } from './record.js';
import { looks, type Step, schedule } from './schedule.js';

/** A round as it was: what it was for, what came of its uploads, the reading after it. */
export interface Round {
  step: Step;
  /** Of the uploads, or of the wait in their place. */
  seconds: number;
  readingSeconds: number;
  result?: RoundResult;
  /** Absent where the target was lost before it could be taken. */
  reading?: Reading;
}

/** Everything that was measured, however it ended. */
export interface Experiment {
  rounds: Round[];
  end: End;
  error?: LeakhuntError;
}

const longestBlank = 5;

/**
 * Runs the rounds in their order, each followed by a reading, until the looks have decided every series or
 * a limit is reached. What was measured is returned whatever happens.
 */
export async function runExperiment(
  plan: Plan,
  request: UploadRequest,
  reader: Reader,
  signal: AbortSignal | undefined,
  emit: (event: HuntEvent) => void,
): Promise<Experiment> {
  const rounds: Round[] = [];
  const started = performance.now();
  for (const step of schedule(plan.warmUpRounds, plan.rounds, plan.maxRounds)) {
    if (signal?.aborted) return { rounds, end: 'interrupted' };
    if (performance.now() - started > plan.timeLimit * 1000) return { rounds, end: 'time-limit' };
    if (step.kind === 'upload' && memoryRunsOut(rounds)) return { rounds, end: 'memory-limit' };

    emit({ type: 'round', kind: step.kind, round: step.round, mostRounds: mostRoundsOf(plan) });
    const round: Round = { step, seconds: 0, readingSeconds: 0 };
    rounds.push(round);
    try {
      await spend(round, rounds, plan, request, signal, emit);
      const readingStart = performance.now();
      round.reading = await orAborted(reader.read(step.kind, completedIn(rounds)), signal);
      if (!round.reading) return { rounds, end: 'interrupted' };
      round.readingSeconds = (performance.now() - readingStart) / 1000;
      emit({ type: 'reading', reading: round.reading });
    } catch (error) {
      if (!(error instanceof LeakhuntError)) throw error;
      return { rounds, end: 'target-lost', error };
    }
    if (signal?.aborted) return { rounds, end: 'interrupted' };
    if (tooManyFailed(round, plan)) return { rounds, end: 'too-many-failed' };
    if (step.look) {
      const findings = findingsOf(seriesOf(readingsOf(rounds), reader.sourceOf), judgingOf(plan, reader));
      emit({ type: 'look', round: step.round, findings });
      if (plan.rounds === 'auto' && allDecided(findings)) return { rounds, end: 'decided' };
    }
  }
  return { rounds, end: 'rounds-done' };
}

/** The settings of the verdict: a fixed number of rounds is judged once, at its end. */
export function judgingOf({ margins, minUploads, rounds }: Plan, { processes }: Reader): JudgingOptions {
  return { margins, minUploads, looks: rounds === 'auto' ? looks.length : 1, processes };
}

export function readingsOf(rounds: readonly Round[]): Reading[] {
  return rounds.flatMap(({ reading }) => reading ?? []);
}

/** The uploads of a round, or the wait that stands for them. */
async function spend(
  round: Round,
  rounds: readonly Round[],
  plan: Plan,
  request: UploadRequest,
  signal: AbortSignal | undefined,
  emit: (event: HuntEvent) => void,
): Promise<void> {
  const { kind, blank } = round.step;
  if (kind === 'upload' || kind === 'warm-up') {
    const { uploadsPerRound: of, concurrency } = plan;
    const start = performance.now();
    round.result = await runRound(request, of, concurrency, signal, done =>
      emit({ type: 'upload', done, of, uploadsPerSecond: (done / (performance.now() - start)) * 1000 }),
    );
    round.seconds = round.result.seconds;
  } else if (blank === 'long') {
    round.seconds = Math.min(longestBlank, meanSeconds(rounds));
    await sleep(round.seconds * 1000, undefined, { signal }).catch(() => {});
  }
}

function meanSeconds(rounds: readonly Round[]): number {
  const real = rounds.filter(({ result }) => result);
  return real.reduce((sum, { seconds }) => sum + seconds, 0) / Math.max(1, real.length);
}

function completedIn(rounds: readonly Round[]): number {
  return rounds.reduce((sum, { result }) => sum + (result?.completed ?? 0), 0);
}

function tooManyFailed({ result }: Round, { maxFailed }: Plan): boolean {
  return result !== undefined && result.failed > maxFailed * result.sent;
}

function mostRoundsOf({ rounds, maxRounds }: Plan): number {
  return rounds === 'auto' ? maxRounds : rounds;
}

/** What a promise comes to, or undefined as soon as the signal aborts: a hung target is not waited for. */
async function orAborted<Result>(work: Promise<Result>, signal?: AbortSignal): Promise<Result | undefined> {
  if (!signal) return work;
  work.catch(() => {}); // the race tells, unless it was aborted: then nobody asks any more
  let abort = () => {};
  const aborted = new Promise<undefined>(resolve => {
    abort = () => resolve(undefined);
  });
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
