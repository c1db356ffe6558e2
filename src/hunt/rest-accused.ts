import type { Finding } from '../verdict/finding.js';
import { accuses, isDoubtful } from '../verdict/rest.js';
import { findingsIn } from './judging.js';
import type { Experiment, Setting } from './measured.js';
import { mostRoundsOf } from './plan.js';
import { takeRest } from './rest.js';
import { completedIn, type Round, readingsOf } from './rounds.js';
import type { PlannedRound } from './schedule.js';

/** A doubt that a rest may lift is worth a rest, and another once twice as much has been uploaded since. */
export function wouldRestTell(findings: readonly Finding[], { rounds }: Experiment): boolean {
  const last = rounds.findLast(({ step }) => step.kind === 'rest')?.reading?.uploads ?? 0;
  return findings.some(isDoubtful) && completedIn(rounds) >= 2 * last;
}

/** A hunt that ended for another reason does not call a leak without a rest either. */
export async function restIfAccused(experiment: Experiment, setting: Setting): Promise<void> {
  const findings = findingsIn(experiment, setting.plan, setting.reader);
  if (accuses(findings) || findings.some(isDoubtful)) await restAccused(findings, experiment, setting);
}

/** Leaves the target alone for a while; only once after the same uploads. */
export async function restAccused(
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

function secondsSinceFirstUpload(rounds: readonly Round[]): number {
  const readings = readingsOf(rounds);
  const first = readings.findLast(({ uploads }) => uploads === 0) ?? readings[0]!;
  return readings.at(-1)!.seconds - first.seconds;
}
