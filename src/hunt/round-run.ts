import { setTimeout as sleep } from 'node:timers/promises';
import { awake } from '../awake.js';
import { type RoundResult, runRound } from '../load/round.js';
import type { Experiment, Setting } from './measured.js';
import { blindUploads, uploadsThatFit } from './memory-guard.js';
import { raceAbort } from './race-abort.js';
import { completedIn, meanSeconds, type Round } from './rounds.js';
import type { PlannedRound } from './schedule.js';
import { Deadline, graceOf } from './time-limit.js';

const longestBlank = 5;

/** Makes the uploads of a round, or waits in their place; no upload begins once the time is up. */
export async function spend(
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

/** One more round after the last, without a reading after it. */
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

export async function readAfter(round: Round, { rounds }: Experiment, setting: Setting) {
  const { reader, signal, emit, journal } = setting;
  const start = awake.now();
  round.reading = await raceAbort(reader.read(round.step.kind, completedIn(rounds)), signal);
  round.readingSeconds = (awake.now() - start) / 1000;
  journal.take(round);
  if (round.reading) emit({ type: 'reading', reading: round.reading, times: { ...reader.times } });
}
