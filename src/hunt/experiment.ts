import { setTimeout as sleep } from 'node:timers/promises';
import { LeakhuntError } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import type { UploadRequest } from '../load/client.js';
import { type RoundResult, runRound } from '../load/round.js';
import type { Reader } from '../probes/reader.js';
import type { Reading } from '../probes/reading.js';
import { seriesOf } from '../series/series.js';
import { allDecided, type Finding, findingsOf, type JudgingOptions } from '../verdict/findings.js';
import type { HuntEvent } from './events.js';
import { memoryRunsOut } from './memory-guard.js';
import { orAborted } from './or-aborted.js';
import type { Plan } from './plan.js';
import { ProfileLog } from './profiling.js';
import type { End } from './record.js';
import { looks, type Step, schedule } from './schedule.js';
import type { Uploads } from './uploads.js';

/** A round as it was: what it was for, what came of its uploads, the reading after it. */
export interface Round {
  step: Step;
  /** Of the uploads, or of the wait in their place. */
  seconds: number;
  readingSeconds: number;
  /** What was uploaded; absent where nothing was. */
  request?: UploadRequest;
  result?: RoundResult;
  /** Absent where the target was lost before it could be taken. */
  reading?: Reading;
}

/** Everything that was measured of one scenario, however it ended. */
export interface Experiment {
  rounds: Round[];
  end: End;
  error?: LeakhuntError;
  profiles: ProfileLog;
}

/** What an experiment needs of the hunt it is part of. */
export interface Setting {
  plan: Plan;
  uploads: Uploads;
  reader: Reader;
  signal?: AbortSignal;
  emit(event: HuntEvent): void;
}

const longestBlank = 5;

/**
 * Runs the rounds in their order, each followed by a reading, until the looks have decided every series or
 * a limit is reached; none begins after `seconds`. What was measured is returned whatever happens.
 */
export async function runExperiment(setting: Setting, seconds: number): Promise<Experiment> {
  const { plan, uploads, reader, signal, emit } = setting;
  const rounds: Round[] = [];
  const profiles = new ProfileLog();
  const ended = (end: End, error?: LeakhuntError): Experiment => ({ rounds, end, error, profiles });
  const started = performance.now();
  for (const step of schedule({ ...plan, sizes: uploads.sizes })) {
    if (signal?.aborted) return ended('interrupted');
    if (performance.now() - started > seconds * 1000) return ended('time-limit');
    if (step.kind === 'upload' && memoryRunsOut(rounds)) return ended('memory-limit');

    emit({ type: 'round', kind: step.kind, round: step.round, mostRounds: mostRoundsOf(plan) });
    const round: Round = { step, seconds: 0, readingSeconds: 0 };
    rounds.push(round);
    try {
      await spend(round, rounds, setting);
      const readingStart = performance.now();
      round.reading = await orAborted(reader.read(step.kind, completedIn(rounds)), signal);
      if (!round.reading) return ended('interrupted');
      round.readingSeconds = (performance.now() - readingStart) / 1000;
      emit({ type: 'reading', reading: round.reading });
      profiles.add(round.reading, (await orAborted(reader.profile(), signal)) ?? []);
    } catch (error) {
      if (!(error instanceof LeakhuntError)) throw error;
      return ended(error.exitCode === exitCodes.usage ? 'file-changed' : 'target-lost', error);
    }
    if (signal?.aborted) return ended('interrupted');
    if (tooManyFailed(round, plan)) return ended('too-many-failed');
    if (step.look) {
      const findings = findingsIn({ rounds }, plan, reader);
      emit({ type: 'look', round: step.round, findings });
      if (plan.rounds === 'auto' && allDecided(findings)) return ended('decided');
    }
  }
  return ended('rounds-done');
}

/** What is found of every resource after all rounds; of several sizes, where each had had its turn. */
export function findingsIn({ rounds }: Pick<Experiment, 'rounds'>, plan: Plan, reader: Reader): Finding[] {
  const readings = readingsOf(rounds.filter(({ step }) => step.even));
  return findingsOf(seriesOf(readings, reader.sourceOf), judgingOf(plan, reader));
}

/** The settings of the verdict: a fixed number of rounds is judged once, at its end. */
function judgingOf({ margins, minUploads, rounds }: Plan, { processes }: Reader): JudgingOptions {
  return { margins, minUploads, looks: rounds === 'auto' ? looks.length : 1, processes };
}

export function readingsOf(rounds: readonly Round[]): Reading[] {
  return rounds.flatMap(({ reading }) => reading ?? []);
}

/** The uploads of a round, or the wait that stands for them. */
async function spend(round: Round, rounds: readonly Round[], setting: Setting): Promise<void> {
  const { plan, uploads, signal, emit } = setting;
  const { kind, blank } = round.step;
  if (kind === 'upload' || kind === 'warm-up' || kind === 'snapshot') {
    const { uploadsPerRound: of, concurrency } = plan;
    const start = performance.now();
    round.request = uploads.requestOf(round.step, !rounds.some(({ result }) => result));
    await round.request.body.verify();
    round.result = await runRound(round.request, of, concurrency, signal, done =>
      emit({ type: 'upload', done, of, uploadsPerSecond: (done / (performance.now() - start)) * 1000 }),
    );
    round.seconds = round.result.seconds;
    uploads.learn(round.request, round.result);
  } else if (blank === 'long') {
    round.seconds = Math.min(longestBlank, meanSeconds(rounds));
    await sleep(round.seconds * 1000, undefined, { signal }).catch(() => {});
  }
}

/** Uploads without a reading behind them: a round more, after the last. */
export async function runOneRound(rounds: Round[], setting: Setting): Promise<RoundResult> {
  const step: Step = {
    kind: 'snapshot',
    round: rounds.at(-1)?.step.round ?? 0,
    look: false,
    size: 0,
    even: true,
  };
  const round: Round = { step, seconds: 0, readingSeconds: 0 };
  rounds.push(round);
  await spend(round, rounds, setting);
  return round.result!;
}

function meanSeconds(rounds: readonly Round[]): number {
  const real = rounds.filter(({ result }) => result);
  return real.reduce((sum, { seconds }) => sum + seconds, 0) / Math.max(1, real.length);
}

function completedIn(rounds: readonly Round[]): number {
  return rounds.reduce((sum, { result }) => sum + (result?.completed ?? 0), 0);
}

/** That a trial is not answered in time is no failure: what it is for goes on. */
function tooManyFailed({ request, result }: Round, { maxFailed }: Plan): boolean {
  if (result === undefined) return false;
  const late = request?.trial ? (result.errors.TIMEOUT ?? 0) : 0;
  return result.failed - late > maxFailed * result.sent;
}

function mostRoundsOf({ rounds, maxRounds }: Plan): number {
  return rounds === 'auto' ? maxRounds : rounds;
}
