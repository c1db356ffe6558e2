import { latencyOf } from '../load/latency.js';
import type { Reader } from '../probes/reader.js';
import type { ResourceRecord, RoundRecord, ScenarioRecord } from '../record/record.js';
import { overallVerdict } from '../verdict/findings.js';
import { type ForecastOptions, forecast } from '../verdict/forecast.js';
import type { RestedFinding } from '../verdict/rest.js';
import { churnOf, peakOf } from './costs.js';
import { errorOf, failureNotes } from './failure.js';
import { loadOf, totalsOf } from './load-record.js';
import type { Measured, ScenarioRun } from './measured.js';
import type { Round } from './rounds.js';
import { sweepOf } from './sweep.js';
import { withoutSecrets } from './told-answers.js';
import { warningsOf } from './warnings.js';

/** The record of one scenario, its verdict included. */
export function caseRecordOf(
  part: ScenarioRun,
  { plan, reader, requests, target, missing, exitReport }: Measured,
  redact: (text: string) => string,
): ScenarioRecord {
  const { name, rounds, end, findings, investigation } = part;
  const load = withoutSecrets(loadOf(plan, totalsOf(rounds), requests), plan.url, redact);
  const error = errorOf(part, load, exitReport);
  return {
    scenario: name,
    verdict: error ? 'inconclusive' : overallVerdict(findings),
    end,
    error: error && { code: error.code, message: error.message },
    load,
    rounds: rounds.map(round => roundRecordOf(round, plan.sizes)),
    resources: findings.map(finding => resourceRecordOf(finding, reader)),
    culprits: investigation.culprits,
    explained: investigation.explained,
    sweep: sweepOf(rounds, findings, plan.sizes),
    churn: churnOf(rounds, reader, investigation.churn),
    peak: peakOf(rounds, reader, plan.concurrency),
    forecast: plan.traffic && (forecast(findings, withLimit(plan.traffic, reader)) ?? null),
    warnings: [
      ...warningsOf(reader, part, plan, { ...target, missing }),
      ...(error ? [] : failureNotes(load)),
    ],
  };
}

/** A round as the record shows it. */
export function roundRecordOf(
  { step, seconds, readingSeconds, result }: Round,
  sizes?: number[],
): RoundRecord {
  const { sent = 0, completed = 0, failed = 0 } = result ?? {};
  return {
    kind: step.kind,
    size: result && sizes?.[step.size],
    sent,
    completed,
    failed,
    seconds,
    readingSeconds,
    latencyMs: result && latencyOf(result.latency),
  };
}

/** A series whose probe was lost gets no more readings, which is why it stays undecided. */
export function resourceRecordOf(
  { series, ...finding }: RestedFinding,
  reader: Pick<Reader, 'lost'>,
): ResourceRecord {
  const { name, unit, source, points, replicas } = series;
  const lost = finding.verdict === 'inconclusive' && reader.lost.some(each => each.source === source);
  const why = lost ? ({ reason: 'probe-lost', moreUploads: undefined } as const) : {};
  return { name, unit, source, ...finding, ...why, points, replicas };
}

/** The limit that the user gave, or else the container's own. */
function withLimit({ uploadsPerSecond, memoryLimit }: ForecastOptions, { limit }: Reader): ForecastOptions {
  return { uploadsPerSecond, memoryLimit: memoryLimit ?? limit };
}
