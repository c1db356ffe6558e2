import { awake } from '../awake.js';
import { LeakhuntError, reworded, targetError, withNotes } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import { partsOfForm } from '../load/body/given-form.js';
import { type Discovery, discover } from '../probes/discover.js';
import { namedIn } from '../probes/index.js';
import { Reader } from '../probes/reader.js';
import { resourceNames } from '../probes/resource-questions.js';
import type { Hunt } from '../record/record.js';
import { withoutCredentials } from '../redact.js';
import { locate, type Target } from '../target/locate/locate.js';
import { markHunt } from '../target/processes/hunt-mark.js';
import { plightOf } from '../target/processes/plight.js';
import { startTarget } from '../target/start/start.js';
import type { StartedTarget } from '../target/start/started-target.js';
import { recordOf } from './assemble.js';
import { Beginning } from './beginning.js';
import { metricOf } from './drain.js';
import { Journal } from './journal.js';
import type { Measured, ScenarioRun } from './measured.js';
import type { HuntOptions } from './options.js';
import { type Plan, planHunt } from './plan.js';
import { type Prepared, prepareUploads } from './prepare.js';
import { raceAbort } from './race-abort.js';
import { redactorOf } from './redact.js';
import { isOver, runScenario } from './scenario-run.js';
import { Deadline } from './time-limit.js';
import { TrialUploads } from './trial.js';

/**
 * Uploads to a server in rounds, reads its memory between them, and says what each upload leaves behind.
 * Rejects with a `LeakhuntError` if nothing could be measured (wrong options: exit code 2; no target, no
 * probe: 4). Once there are readings it resolves, even if the target dies or `signal` aborts: see `end`.
 */
export async function hunt(options: HuntOptions): Promise<Hunt> {
  using _watch = awake.watch();
  const began = new Beginning();
  const form = options.form && (await partsOfForm(options.form, options.signal));
  const plan = planHunt({ ...options, form });
  const { text: redact } = redactorOf(plan);
  return await measuredBy(plan, options, began).catch(error => {
    throw error instanceof LeakhuntError ? reworded(error, redact) : error;
  });
}

/** Starts the target if asked to, measures it, and stops it again. */
async function measuredBy(plan: Plan, options: HuntOptions, began: Beginning): Promise<Hunt> {
  await using prepared = await prepareUploads(plan);
  await using started = plan.start && (await startTarget(plan.start, options.signal));
  const measured = await measure({ plan, prepared, started, began }, options).catch(async error => {
    const notes = (await started?.stop()) ?? [];
    throw error instanceof LeakhuntError ? withNotes(error, notes) : error;
  });
  return recordOf({ ...measured, leftovers: (await started?.stop()) ?? [] });
}

interface Begun {
  plan: Plan;
  prepared: Prepared;
  started: StartedTarget | undefined;
  began: Beginning;
}

/** Finds the target and runs every scenario on it; the probes are closed before the target is stopped. */
async function measure(
  { plan, prepared, started, began }: Begun,
  { signal, onEvent: emit = () => {} }: HuntOptions,
): Promise<Measured> {
  const trial = new TrialUploads(prepared.requests[0]!, plan, signal);
  const { target, probes, missing } = await found(plan, trial, signal);
  emit({ type: 'target', target, probes, missing });
  await using reader = new Reader(probes, { settle: plan.settle, tolerance: toleranceOf(plan) });
  await using mark = await markHunt(target);
  const metric = await metricOf(plan.drain, target, probes);
  const hunted = {
    plan,
    requests: prepared.requests,
    probes,
    reader,
    metric,
    signal,
    emit,
    began,
  };
  const journal = new Journal(hunted);
  journal.begin({ target, missing, trialUploads: trial.sent, otherHunts: await mark.others() });
  const runs: ScenarioRun[] = [];
  for (const scenario of plan.scenarios) {
    runs.push(await runScenario(hunted, scenario, runs, journal));
    if (isOver(runs.at(-1)!)) break;
  }
  const lost = runs.some(({ end }) => end === 'target-lost');
  const failed = lost || runs.some(({ end }) => end === 'too-many-failed');
  const pid = failed ? target.pid : undefined;
  const end = failed && (await reader.exitReport());
  const told = [
    end || (pid !== undefined && (await plightOf(pid, plan.concurrency))),
    lost && (await started?.exitReport()),
  ];
  const exitReport = told.filter(Boolean).join(' The command of --start: ') || undefined;
  return {
    ...hunted,
    target,
    missing,
    runs,
    exitReport,
    trialUploads: trial.sent,
    otherHunts: await mark.others(),
  };
}

/** Seconds beyond the time limit for finding the target: on a busy machine that takes one or two. */
const lookingTime = 10;

/**
 * The target and what can be read from it. The search ends at once if `signal` aborts or the time is up:
 * nothing has been measured yet.
 */
async function found(
  plan: Plan,
  trial: TrialUploads,
  signal?: AbortSignal,
): Promise<Discovery & { target: Target }> {
  const looking = namedIn(plan.probes)
    .then(named => locate(withoutCredentials(plan.url), { ...plan, ...named, trial }))
    .then(async target => ({ target, ...(await discover(target, plan.probes)) }));
  using deadline = new Deadline(plan.timeLimit + lookingTime, signal);
  const discovery = await raceAbort(looking, deadline.signal);
  if (discovery) return discovery;
  looking.then(({ probes }) => Promise.all(probes.map(probe => probe.close?.()))).catch(() => {});
  if (signal?.aborted) {
    throw new LeakhuntError('INTERRUPTED', 'Interrupted before the first reading.', exitCodes.interrupted);
  }
  throw targetError(
    'TIME_LIMIT',
    'The time limit ran out before the first reading: raise --time-limit, or find out why the target does not respond.',
  );
}

/** A reading takes a fall by a tenth of what a round at the margin adds for noise. */
function toleranceOf({ margins, uploadsPerRound }: Plan) {
  return Object.fromEntries(resourceNames.map(name => [name, 0.1 * margins[name] * uploadsPerRound]));
}
