import { availableParallelism } from 'node:os';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { sources } from '../probes/catalogue.js';
import type { Probe } from '../probes/probe.js';
import type { Reader } from '../probes/reader.js';
import type { Hunt, ProbeSummary, ScenarioRecord } from '../record/record.js';
import { redactedRecord } from '../record/redacted-record.js';
import { redactUrl } from '../redact.js';
import type { Target } from '../target/locate/locate.js';
import type { Runtime } from '../target/processes/runtime.js';
import type { Verdict } from '../verdict/verdict.js';
import { version } from '../version.js';
import { selfOf } from './costs.js';
import type { Measured } from './measured.js';
import type { Plan } from './plan.js';
import { redactorOf } from './redact.js';
import { caseRecordOf } from './scenario-record.js';
import { proxyWarning, rivalWarning } from './warnings.js';

/** The record of a hunt, its verdict included. */
export function recordOf(measured: Measured): Hunt {
  const { plan, began, target, probes, missing, reader, runs, leftovers = [] } = measured;
  const redactor = redactorOf(plan);
  // Texts that are shortened in it must be redacted before.
  const parts = runs.map(each => caseRecordOf(each, measured, redactor.text));
  const lead = leadingOf(parts);
  const self = selfOf(runs.flatMap(({ rounds }) => rounds));
  const record: Hunt = {
    schemaVersion: 1,
    leakhunt: {
      version,
      startedAt: began.at.toISOString(),
      seconds: began.seconds,
      command: plan.command,
    },
    ...lead,
    exitCode: exitCodeOf(lead),
    target: {
      url: redactUrl(plan.url),
      pid: target.pid,
      runtime: runtimeOf(target, probes),
      settings: target.settings?.length ? target.settings : undefined,
      command: target.command,
      through: target.through,
      trialUploads: measured.trialUploads || undefined,
      probes: probes.map(probe => probeSummary(probe, reader)),
      missing: missing.map(({ source, why }) => ({ source, why })),
    },
    ...(plan.scenarios.length > 1 ? { scenarios: parts } : {}),
    self,
    warnings: [
      ...probes.flatMap(({ doubt }) => doubt ?? []),
      ...missing.flatMap(({ source, why, keptOut }) =>
        keptOut ? `There is no ${source} to read: ${why}.` : [],
      ),
      ...lead.warnings,
      ...proxyWarning(plan),
      ...rivalWarning(measured.otherHunts),
      ...(self.bottleneck && !lead.error ? [paceWarning(plan)] : []),
      ...leftovers,
    ],
  };
  return redactedRecord(record, redactor);
}

/** More threads may help where there are more cores. */
export function paceWarning({ workers }: Pick<Plan, 'workers'>): string {
  const advice = workers < availableParallelism() - 1 ? ' --workers auto may help.' : '';
  return `leakhunt was the bottleneck: rate and latency are leakhunt's own; growth per upload is unaffected.${advice}`;
}

/** The order in which outcomes decide: a hunt that was broken off, a leak, what could not be measured. */
export function leadingOf(parts: readonly ScenarioRecord[]): ScenarioRecord {
  const first = (test: (part: ScenarioRecord) => boolean) => parts.find(test);
  const by = (verdict: Verdict) => first(part => part.verdict === verdict && !part.error);
  return (
    first(({ end }) => end === 'interrupted' || end === 'target-lost' || end === 'file-changed') ??
    by('leak') ??
    first(({ error }) => error !== undefined) ??
    by('inconclusive') ??
    parts[0]!
  );
}

function exitCodeOf({ verdict, end, error }: ScenarioRecord): ExitCode {
  if (end === 'interrupted') return exitCodes.interrupted;
  if (end === 'file-changed') return exitCodes.usage;
  return error ? exitCodes.unmeasurable : exitCodes[verdict];
}

/** The runtime, as the process shows it or else its sources. */
function runtimeOf({ runtime }: Target, probes: readonly Probe[]): Runtime | undefined {
  const read = Object.entries(sources).filter(([name]) => probes.some(({ source }) => source === name));
  return runtime ?? read.find(([, source]) => source.runtime)?.[1].runtime;
}

/** A probe as the record shows it. */
export function probeSummary({ source, endpoint }: Probe, reader: Reader): ProbeSummary {
  const lost = reader.lost.find(each => each.source === source)?.why;
  return { source, endpoint, retries: reader.retries[source] ?? 0, lost };
}
