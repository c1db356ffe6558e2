import { setTimeout as sleep } from 'node:timers/promises';
import { awake, type Missed, nothingMissed, wasMissed } from '../awake.js';
import { LeakhuntError } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import { type RoundResult, runRound } from '../load/round.js';
import type { End } from '../record/record.js';
import type { Finding } from '../verdict/finding.js';
import { accuses, isDoubtful, nothingLeftToDecide } from '../verdict/rest.js';
import { findingsIn } from './judging.js';
import type { Experiment, Setting } from './measured.js';
import { blindUploads, memoryRunsOut, uploadsThatFit } from './memory-guard.js';
import type { Plan } from './plan.js';
import { ProfileLog, worthAsking } from './profiling.js';
import { raceAbort } from './race-abort.js';
import { busyShare, takeRest } from './rest.js';
import { completedIn, judgedReadings, meanSeconds, type Round, readingsOf } from './rounds.js';
import { type PlannedRound, schedule } from './schedule.js';
import { Deadline, graceOf } from './time-limit.js';

const longestBlank = 5;
/** Milliseconds for which the target is watched before its first upload. */
const idleWatch = 100;

/**
 * Runs the rounds in their order, each followed by a reading, until the verdict is sure or a limit is reached. Once
 * the time is up no upload begins, and what the target does not answer then is broken off. A leak is only called once
 * the target has had a rest. What was measured is returned whatever happens.
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

/** Ends after which the target is as it was, and a leak may still be called. */
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

/** Judges, and lets the target rest where that would end the hunt with a leak. A fixed number of rounds is run to its end. */
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

/** A doubt that a rest may lift is worth one, and one more where twice as much was uploaded since. */
function wouldRestTell(findings: readonly Finding[], { rounds }: Experiment): boolean {
  const last = rounds.findLast(({ step }) => step.kind === 'rest')?.reading?.uploads ?? 0;
  return findings.some(isDoubtful) && completedIn(rounds) >= 2 * last;
}

/** A hunt that ended for another reason calls no leak without a rest either. */
async function restIfAccused(experiment: Experiment, setting: Setting): Promise<void> {
  const findings = findingsIn(experiment, setting.plan, setting.reader);
  if (accuses(findings) || findings.some(isDoubtful)) await restAccused(findings, experiment, setting);
}

/** Leaves the target alone for a while; once after the same uploads. */
async function restAccused(
  findings: readonly Finding[],
  experiment: Experiment,
  setting: Setting,
): Promise<void> {
  const { plan, reader, signal, emit, journal } = setting;
  const { rounds, rests } = experiment;
  const last = rounds.at(-1)!;
  const before = rounds.findLast(({ reading }) => reading)?.reading;
  if (last.step.kind === 'rest' || !before || !last.reading || signal?.aborted) return;
  emit({ type: 'round', kind: 'rest', round: last.step.round, mostRounds: mostRoundsOf(plan) });
  const step: PlannedRound = { ...last.step, kind: 'rest', look: false };
  let from = before.seconds;
  const rested: Round[] = [];
  const rest = await takeRest(reader, before, findings, {
    drain: plan.drain,
    metric: setting.metric,
    uploading: rounds.reduce((sum, { result, seconds }) => sum + (result ? seconds : 0), 0),
    since: secondsSinceFirstUpload(rounds),
    left: setting.left(),
    idle: experiment.idleCpu ?? 0,
    uploads: before.uploads,
    signal,
    onReading(reading, readingSeconds) {
      const seconds = Math.max(0, reading.seconds - readingSeconds - from);
      from = reading.seconds;
      rested.push({ step, seconds, readingSeconds, reading });
      journal.take(rested.at(-1)!);
      emit({ type: 'reading', reading, times: { ...reader.times } });
    },
  });
  if (!rest) return;
  rests.push(rest);
  rounds.push(...rested);
  journal.rested(rest);
}

function missedSince(before: Missed): Missed {
  const { stopped, asleep } = awake.missed;
  return { stopped: stopped - before.stopped, asleep: asleep - before.asleep };
}

function secondsSinceFirstUpload(rounds: readonly Round[]): number {
  const readings = readingsOf(rounds);
  const first = readings.findLast(({ uploads }) => uploads === 0) ?? readings[0]!;
  return readings.at(-1)!.seconds - first.seconds;
}

async function readAfter(round: Round, { rounds }: Experiment, setting: Setting) {
  const { reader, signal, emit, journal } = setting;
  const start = awake.now();
  round.reading = await raceAbort(reader.read(round.step.kind, completedIn(rounds)), signal);
  round.readingSeconds = (awake.now() - start) / 1000;
  journal.take(round);
  if (round.reading) emit({ type: 'reading', reading: round.reading, times: { ...reader.times } });
}

/** CPU, in cores, of the target before it was given anything to do. */
async function idleCpu({ reader, signal }: Setting): Promise<number> {
  if ((await reader.cpuSeconds()) === undefined) return 0;
  return busyShare(reader, () => sleep(idleWatch, undefined, { signal }).catch(() => {}));
}

/** The uploads of a round, or the wait that stands for them; none begins once the time is up. */
async function spend(
  round: Round,
  rounds: readonly Round[],
  setting: Setting,
  most = Number.POSITIVE_INFINITY,
): Promise<void> {
  const { plan, uploads, signal, emit } = setting;
  const { kind, blank } = round.step;
  const timeLeft = Math.max(0, setting.left());
  if (kind === 'upload' || kind === 'warm-up' || kind === 'snapshot') {
    const start = awake.now();
    const isFirst = !rounds.some(({ result }) => result);
    round.request = uploads.requestOf(round.step, isFirst);
    const blind = isFirst && kind === 'warm-up' ? blindUploads(round.request.body.size, plan) : most;
    const of = Math.max(1, Math.min(plan.uploadsPerRound, most, blind));
    const concurrency = Math.min(plan.concurrency, of);
    await round.request.body.verify();
    round.result = await runRound({ ...round.request, timeLeft }, of, concurrency, signal, done =>
      emit({ type: 'upload', done, of, uploadsPerSecond: (done / (awake.now() - start)) * 1000 }),
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
  const step: PlannedRound = {
    kind: 'snapshot',
    round: rounds.at(-1)?.step.round ?? 0,
    look: false,
    size: 0,
    balanced: true,
  };
  const round: Round = { step, seconds: 0, readingSeconds: 0 };
  rounds.push(round);
  using deadline = new Deadline(setting.left() + graceOf(rounds, setting.uploads), setting.signal);
  const limited = { ...setting, signal: deadline.signal };
  await spend(round, rounds, limited, uploadsThatFit(rounds, setting.plan.uploadsPerRound, setting.plan));
  return round.result!;
}

/** What was under way while leakhunt was stopped may have been given up at the other end. */
function tooManyFailed({ request, result, missed }: Round, { maxFailed }: Plan): boolean {
  if (result === undefined || missed) return false;
  const late = request?.trial ? (result.errors.TIMEOUT ?? 0) : 0;
  return result.failed - late > maxFailed * result.sent;
}

function mostRoundsOf({ rounds, maxRounds }: Plan): number {
  return rounds === 'auto' ? maxRounds : rounds;
}
