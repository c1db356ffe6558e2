import { setTimeout as sleep } from 'node:timers/promises';
import type { DialOptions } from '../net/dial-options.js';
import { discover } from '../probes/discover.js';
import { namedIn } from '../probes/index.js';
import type { Probe } from '../probes/probe.js';
import { Reader } from '../probes/reader.js';
import type { Reading } from '../probes/reading.js';
import { resourceNames } from '../probes/resource-questions.js';
import type { ResourceName } from '../probes/resources.js';
import { redactedIn } from '../record/redacted-record.js';
import type { Survey, SurveyedResource } from '../record/survey.js';
import { redactUrl, withoutCredentials } from '../redact.js';
import { locate } from '../target/locate/locate.js';
import { defaultMargins } from '../verdict/margins.js';
import { probeSummary } from './assemble.js';
import type { HuntOptions } from './options.js';
import { planHunt } from './plan.js';
import { redactorOf } from './redact.js';
import { TrialGets } from './trial-gets.js';

const readings = 5;
const pause = 200;

/** Finds the probes of a target and reads it five times without an upload. Rejects as `hunt` does. */
export async function survey(
  options: Pick<HuntOptions, 'url' | 'probes' | 'allowSignals' | 'settle' | keyof DialOptions>,
): Promise<Survey> {
  const plan = planHunt(options);
  const redactor = redactorOf(plan);
  const started = performance.now();
  const trial = new TrialGets(withoutCredentials(plan.url), plan);
  const target = await locate(trial.url, { ...plan, ...(await namedIn(plan.probes)), trial });
  const { probes, missing } = await discover(target, plan.probes);
  const discovered = performance.now();
  await using reader = new Reader(probes, { settle: plan.settle, tolerance: {} });
  const taken: Reading[] = [];
  for (let i = 0; i < readings; i += 1) {
    if (i > 0) await sleep(pause);
    taken.push(await reader.read('blank', 0));
  }
  const spent = (performance.now() - discovered) / 1000 - ((readings - 1) * pause) / 1000;
  const found: Survey = {
    target: {
      url: redactUrl(plan.url),
      pid: target.pid,
      runtime: target.runtime,
      settings: target.settings,
      command: target.command,
      through: target.through,
    },
    probes: probes.map(probe => probeSummary(probe, reader)),
    missing,
    doubts: probes.flatMap(doubtsOf),
    discoverySeconds: (discovered - started) / 1000,
    readingSeconds: spent / readings,
    resources: resourceNames.flatMap(name => surveyed(name, taken, reader)),
  };
  return redactedIn(found, redactor) as Survey;
}

function doubtsOf({ source, endpoint, doubt, unread }: Probe): string[] {
  const partly = `${source} at ${endpoint} reads only one of several processes: ${unread} more like it are not read, and may hold memory that it does not`;
  return [...(doubt ? [doubt] : []), ...(unread ? [partly] : [])];
}

function surveyed(name: ResourceName, taken: readonly Reading[], reader: Reader): SurveyedResource[] {
  const values = taken.flatMap(({ values }) => values[name] ?? []);
  const [value] = values.slice(-1);
  if (value === undefined) return [];
  const noise = Math.max(...values) - Math.min(...values);
  return [{ name, source: reader.sourceOf.get(name)!, value, noise, margin: defaultMargins[name] }];
}
