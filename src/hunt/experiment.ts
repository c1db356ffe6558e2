import { setTimeout as sleep } from 'node:timers/promises';
import { awake, type Missed, nothingMissed, wasMissed } from '../awake.js';
import { LeakhuntError } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import type { End } from '../record/record.js';
import type { Finding } from '../verdict/finding.js';
import { accuses, nothingLeftToDecide } from '../verdict/rest.js';
import { findingsIn } from './judging.js';
import type { Experiment, Setting } from './measured.js';
import { memoryRunsOut, uploadsThatFit } from './memory-guard.js';
import { mostRoundsOf, type Plan } from './plan.js';
import { ProfileLog, worthAsking } from './profiling.js';
import { raceAbort } from './race-abort.js';
import { busyShare } from './rest.js';
import { restAccused, restIfAccused, wouldRestTell } from './rest-accused.js';
import { readAfter, spend } from './round-run.js';
import { judgedReadings, type Round } from './rounds.js';
import { schedule } from './schedule.js';
import { Deadline, graceOf } from './time-limit.js';

/** How long the target is watched before its first upload (ms). */
const idleWatch = 100;

/**
 * Runs the rounds in order, each followed by a reading, until the verdict is sure or a limit is reached. Once
 * the time is up, no upload begins, and uploads that the target does not answer are broken off. A leak is
 * called only after the target has had a rest. What was measured is returned whatever happens.
 */
export async function runExperiment(setting: Setting): Promise<Experiment> {
  const experiment: Experiment = {
    rounds: [],
    rests: [],
    end: 'rounds-done',
    missed: nothingMissed,
    profiles: new ProfileLog(),
  };
  const missed = awake.missed;
  try {
    experiment.end = await runRounds(experiment, setting);
    if (restsBefore.has(experiment.end)) await restIfAccused(experiment, setting);
  } catch (error) {
    if (!(error instanceof LeakhuntError)) throw error;
    experiment.error = error;
    experiment.end = error.exitCode === exitCodes.usage ? 'file-changed' : 'target-lost';
  }
  experiment.missed = missedSince(missed);
  if (setting.signal?.aborted && !experiment.error) experiment.end = 'interrupted';
  return experiment;
}

/** Ends after which the target still runs, so that a leak may still be called. */
const restsBefore: ReadonlySet<End> = new Set(['rounds-done', 'time-limit', 'memory-limit', 'growth-limit']);

async function runRounds(experiment: Experiment, setting: Setting): Promise<End> {
  const { plan, uploads, reader, signal, emit, left } = setting;
  const { rounds, profiles } = experiment;
  for (const step of schedule({ ...plan, sizes: uploads.sizes })) {
    if (signal?.aborted) return 'interrupted';
    if (left() < 0) return 'time-limit';
    const most = uploadsThatFit(rounds, plan.uploadsPerRound, plan);
    if (step.kind === 'upload' && memoryRunsOut(rounds)) return 'memory-limit';
    if (step.kind === 'upload' && most === 0) return 'growth-limit';

    emit({ type: 'round', kind: step.kind, round: step.round, mostRounds: mostRoundsOf(plan) });
    const round: Round = { step, seconds: 0, readingSeconds: 0 };
    rounds.push(round);
    if (step.kind === 'start') experiment.idleCpu = await idleCpu(setting);
    using deadline = new Deadline(left() + graceOf(rounds, uploads), signal);
    const limited = { ...setting, signal: deadline.signal };
    const missed = awake.missed;
    await spend(round, rounds, limited, most);
    round.missed = wasMissed(missedSince(missed));
    round.late = left() < 0;
    if (!deadline.signal.aborted) await readAfter(round, experiment, limited);
    if (signal?.aborted) return 'interrupted';
    if (!round.reading) return 'time-limit';
    const asked = worthAsking(judgedReadings(rounds), step, { ...plan, sourceOf: reader.sourceOf });
    if (asked.size > 0)
      profiles.add(round.reading, (await raceAbort(reader.profile('profile', asked), deadline.signal)) ?? []);
    if (signal?.aborted) return 'interrupted';
    if (tooManyFailed(round, plan)) return 'too-many-failed';
    if (step.look && (await isDecided(experiment, setting))) return 'decided';
  }
  return 'rounds-done';
}

/**
 * Judges; lets the target rest if the hunt would otherwise end with a leak. A fixed number of rounds is run
 * to its end.
 */
async function isDecided(experiment: Experiment, setting: Setting): Promise<boolean> {
  const { plan, reader, emit } = setting;
  if (plan.rounds !== 'auto') return false;
  const start = awake.now();
  const isOver = (findings: readonly Finding[]) =>
    nothingLeftToDecide(findings) || (!plan.thorough && accuses(findings));
  let findings = findingsIn(experiment, plan, reader);
  const seconds = (awake.now() - start) / 1000;
  if ((isOver(findings) && accuses(findings)) || wouldRestTell(findings, experiment)) {
    await restAccused(findings, experiment, setting);
    findings = findingsIn(experiment, plan, reader);
  }
  emit({ type: 'look', round: experiment.rounds.at(-1)!.step.round, findings, seconds });
  return isOver(findings);
}

function missedSince(before: Missed): Missed {
  const { stopped, asleep } = awake.missed;
  return { stopped: stopped - before.stopped, asleep: asleep - before.asleep };
}

/** CPU (cores) that the target uses before it is given anything to do. */
async function idleCpu({ reader, signal }: Setting): Promise<number> {
  if ((await reader.cpuSeconds()) === undefined) return 0;
  return busyShare(reader, () => sleep(idleWatch, undefined, { signal }).catch(() => {}));
}

/**
 * Uploads that were under way while leakhunt was stopped may have been given up at the other end. A trial
 * that is not answered in time has not failed: its purpose goes on.
 */
function tooManyFailed({ request, result, missed }: Round, { maxFailed }: Plan): boolean {
  if (result === undefined || missed) return false;
  const late = request?.trial ? (result.errors.TIMEOUT ?? 0) : 0;
  return result.failed - late > maxFailed * result.sent;
}
