import { awake } from '../awake.js';
import type { UploadRequest } from '../load/client.js';
import { nameOf, type Scenario } from '../load/scenarios/scenario.js';
import type { Missing } from '../probes/discover.js';
import type { Probe } from '../probes/probe.js';
import type { Target } from '../target/locate.js';
import { type RestedFinding, withUploadsInHand } from '../verdict/rest.js';
import type { Beginning } from './beginning.js';
import { type Experiment, runExperiment, type Setting } from './experiment.js';
import { type Investigation, investigate, leaksIn } from './investigate.js';
import type { Journal } from './journal.js';
import { findingsIn } from './judging.js';
import { profileFiles } from './profile-files.js';
import { redactorOf } from './redact.js';
import { Uploads } from './uploads.js';

/** What all scenarios of a hunt have in common. */
export interface Hunted extends Omit<Setting, 'uploads' | 'journal' | 'left'> {
  /** One of each size. */
  requests: UploadRequest[];
  probes: readonly Probe[];
  began: Beginning;
}

/** One scenario, hunted to its end. */
export interface Case extends Experiment {
  name: string;
  findings: RestedFinding[];
  investigation: Investigation;
  /** What a complete upload takes, in ms, where that is known. */
  typical?: number;
}

/** What a hunt knows at its end. */
export interface Measured extends Hunted {
  target: Target;
  missing: Missing[];
  cases: readonly Case[];
  /** How the target came to its end, where that is known. */
  obituary?: string;
  /** What of it could not be stopped, a sentence each. */
  leftovers?: readonly string[];
  /** Uploads before the first reading, to find the process behind a forwarder. */
  trialUploads: number;
  /** Processes of leakhunt that hunted the same target meanwhile. */
  rivals: readonly number[];
}

/** Runs the rounds of one scenario and asks who it was; those before it, on the same target, tell what they learned. */
export async function runCase(
  hunted: Hunted,
  scenario: Scenario,
  before: readonly Case[],
  journal: Journal,
): Promise<Case> {
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
export function isOver({ end }: Case): boolean {
  return end === 'interrupted' || end === 'target-lost' || end === 'file-changed' || end === 'memory-limit';
}

/** Seconds: of what is left of the time limit, the same for each scenario that is still to come. */
function fairShare({ plan, began }: Hunted, done: number): number {
  const left = plan.timeLimit - began.seconds;
  return done === 0 && plan.scenarios.length === 1 ? plan.timeLimit : left / (plan.scenarios.length - done);
}
