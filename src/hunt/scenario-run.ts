import { awake } from '../awake.js';
import { nameOf, type Scenario } from '../load/scenario.js';
import { withUploadsInHand } from '../verdict/rest.js';
import { runExperiment } from './experiment.js';
import { investigate, leaksIn } from './investigate.js';
import type { Journal } from './journal.js';
import { findingsIn } from './judging.js';
import type { Hunted, ScenarioRun } from './measured.js';
import { profileFiles } from './profile-files.js';
import { redactorOf } from './redact.js';
import { Uploads } from './uploads.js';

/**
 * Runs the rounds of one scenario and looks for the culprits; scenarios before it on the same target pass on
 * what they learned.
 */
export async function runScenario(
  hunted: Hunted,
  scenario: Scenario,
  before: readonly ScenarioRun[],
  journal: Journal,
): Promise<ScenarioRun> {
  const { plan, reader, emit } = hunted;
  const name = nameOf(scenario);
  const uploads = new Uploads(hunted.requests, scenario, before.at(-1)?.typical);
  const seconds = fairShare(hunted, before.length);
  const started = awake.now();
  const left = () => seconds - (awake.now() - started) / 1000;
  const setting = { ...hunted, uploads, journal, left };
  journal.beginScenario(name);
  if (plan.scenarios.length > 1) emit({ type: 'scenario', name });
  const experiment = await runExperiment(setting);
  const { rounds, rests } = experiment;
  const isBroken = experiment.end === 'time-limit' && !rounds.at(-1)?.reading;
  const found = findingsIn(experiment, plan, reader);
  const findings = isBroken ? withUploadsInHand(found, rests) : found;
  const investigation = await investigate(findings, experiment, setting);
  const files = profileFiles(experiment.profiles, leaksIn(findings), redactorOf(plan));
  emit({ type: 'profiles', scenario: name, files });
  const isWhole = experiment.end === 'decided' || experiment.end === 'rounds-done';
  const end = isWhole && hunted.signal?.aborted ? 'interrupted' : experiment.end;
  return { ...experiment, end, name, findings, investigation, typical: uploads.typical };
}

/** Whether no other scenario can follow on this target. */
export function isOver({ end }: ScenarioRun): boolean {
  return end === 'interrupted' || end === 'target-lost' || end === 'file-changed' || end === 'memory-limit';
}

/** Seconds: an equal part of the time that is left for each scenario that is still to come. */
function fairShare({ plan, began }: Hunted, done: number): number {
  const left = plan.timeLimit - began.seconds;
  return done === 0 && plan.scenarios.length === 1 ? plan.timeLimit : left / (plan.scenarios.length - done);
}
