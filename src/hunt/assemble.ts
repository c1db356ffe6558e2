import { type ExitCode, exitCodes } from '../exit-codes.js';
import type { UploadRequest } from '../load/client.js';
import { latencyOf } from '../load/latency.js';
import type { Probe, SourceName } from '../probes/probe.js';
import type { Reader } from '../probes/reader.js';
import { redactUrl } from '../redact.js';
import { seriesOf } from '../series/series.js';
import type { Target } from '../target/locate.js';
import type { Runtime } from '../target/runtime.js';
import { type Finding, findingsOf, overallVerdict } from '../verdict/findings.js';
import { type ForecastOptions, forecast } from '../verdict/forecast.js';
import type { Verdict } from '../verdict/types.js';
import { version } from '../version.js';
import { churnOf, peakOf, selfOf } from './costs.js';
import { type Experiment, judgingOf, type Round, readingsOf } from './experiment.js';
import { loadOf } from './load-record.js';
import type { Plan } from './plan.js';
import type { End, Hunt, ProbeSummary, ResourceRecord, RoundRecord } from './record.js';
import { redactor } from './redact.js';

/** What a hunt knows at its end. */
export interface Measured {
  plan: Plan;
  startedAt: Date;
  target: Target;
  probes: readonly Probe[];
  missing: { source: SourceName; why: string }[];
  reader: Reader;
  experiment: Experiment;
  request: UploadRequest;
  /** How a target that leakhunt started came to its end. */
  obituary?: string;
}

/** The record of a hunt, its verdict included. */
export function recordOf({
  plan,
  startedAt,
  target,
  probes,
  missing,
  reader,
  experiment,
  request,
  obituary,
}: Measured): Hunt {
  const { rounds, end } = experiment;
  const redact = redactor(request);
  const findings = findingsOf(seriesOf(readingsOf(rounds), reader.sourceOf), judgingOf(plan, reader));
  const load = loadOf(plan, rounds, request.body);
  if (load.firstFailure) load.firstFailure.text = shortened(redact(load.firstFailure.text));
  const error = errorOf(experiment, load, obituary);
  const verdict = error ? 'inconclusive' : overallVerdict(findings);
  return {
    schemaVersion: 1,
    scenario: 'complete',
    leakhunt: {
      version,
      startedAt: startedAt.toISOString(),
      seconds: (Date.now() - startedAt.getTime()) / 1000,
    },
    verdict,
    exitCode: exitCodeOf(verdict, end, error !== undefined),
    end,
    error: error && { code: error.code, message: redact(error.message) },
    target: {
      url: redactUrl(plan.url),
      pid: target.pid,
      runtime: runtimeOf(target, probes),
      probes: probes.map(probe => probeSummary(probe, reader, redact)),
      missing: missing.map(({ source, why }) => ({ source, why: redact(why) })),
    },
    load,
    rounds: rounds.map(roundRecordOf),
    resources: findings.map(finding => resourceRecordOf(finding, reader)),
    culprits: [],
    explained: [],
    churn: churnOf(rounds, reader),
    peak: peakOf(rounds, reader, plan.concurrency),
    forecast: plan.traffic && (forecast(findings, withLimit(plan.traffic, reader)) ?? null),
    self: selfOf(),
    warnings: [...warningsOf(reader, experiment), ...heapWarning(reader)].map(redact),
  };
}

/** The limit that was given, or else the container's own. */
function withLimit({ uploadsPerSecond, memoryLimit }: ForecastOptions, { limit }: Reader): ForecastOptions {
  return { uploadsPerSecond, memoryLimit: memoryLimit ?? limit };
}

/** A probe as the record shows it. */
export function probeSummary(
  { source, endpoint }: Probe,
  reader: Reader,
  redact: (text: string) => string,
): ProbeSummary {
  const lost = reader.lost.find(each => each.source === source)?.why;
  return {
    source,
    endpoint: redact(endpoint),
    retries: reader.retries[source] ?? 0,
    lost: lost && redact(lost),
  };
}

function errorOf(
  { end, error }: Experiment,
  load: Hunt['load'],
  obituary?: string,
): { code: string; message: string } | undefined {
  if (error)
    return {
      code: error.code,
      message: obituary ? `${error.message} The target: ${obituary}` : error.message,
    };
  if (end !== 'too-many-failed') return undefined;
  const { status, error: code, text } = load.firstFailure ?? { text: '' };
  const answer =
    status === undefined
      ? `were not answered (${code}: ${text})`
      : `were answered ${status} (${quoted(text)})`;
  return {
    code: 'TOO_MANY_FAILED',
    message:
      `${load.failed} of ${load.sent} uploads failed; the first ones ${answer}. ` +
      (code === 'ECONNRESET' && load.completed > 0
        ? "Where the server closes its connections after an answer, add -H 'Connection: close'; else allow more by --max-failed."
        : 'Make the upload work with curl first, or allow more by --max-failed.'),
  };
}

const longestLine = 200;

/** Cut only once secrets are hidden: of a secret cut in two nothing would be recognised. */
function shortened(text: string): string {
  return text.length > longestLine ? `${text.slice(0, longestLine)}…` : text;
}

function quoted(text: string): string {
  return text === '' ? 'with an empty body' : `"${text}"`;
}

function exitCodeOf(verdict: Verdict, end: End, unmeasurable: boolean): ExitCode {
  if (end === 'interrupted') return exitCodes.interrupted;
  return unmeasurable ? exitCodes.unmeasurable : exitCodes[verdict];
}

/** As the process shows, or else as its sources do. */
function runtimeOf({ runtime }: Target, probes: readonly Probe[]): Runtime | undefined {
  const by = (source: SourceName) => probes.some(probe => probe.source === source);
  return runtime ?? (by('pprof') ? 'go' : by('inspector') ? 'node' : undefined);
}

function roundRecordOf({ step, seconds, readingSeconds, result }: Round): RoundRecord {
  const { sent = 0, completed = 0, failed = 0 } = result ?? {};
  return {
    kind: step.kind,
    sent,
    completed,
    failed,
    seconds,
    readingSeconds,
    latencyMs: result && latencyOf(result.latency),
  };
}

/** A series whose probe was lost waits for nothing more: that is why it stays undecided. */
function resourceRecordOf({ series, ...finding }: Finding, reader: Reader): ResourceRecord {
  const { name, unit, source, points, replicas } = series;
  const lost = finding.verdict === 'inconclusive' && reader.lost.some(each => each.source === source);
  const why = lost ? ({ reason: 'probe-lost', moreUploads: undefined } as const) : {};
  return { name, unit, source, ...finding, ...why, points, replicas };
}

function warningsOf({ lost }: Reader, { end }: Experiment): string[] {
  return [
    ...lost.map(
      ({ source, why }) => `The ${source} probe stopped answering, and its series end there. ${why}`,
    ),
    ...(end === 'memory-limit'
      ? ['The hunt ended early: another round could have taken the last of the memory of this machine.']
      : []),
    ...(end === 'time-limit' ? ['The hunt ended at its time limit: --time-limit raises it.'] : []),
  ];
}

/** A heap that is read without a collection holds garbage as well: its growth is surely there, its size is not. */
function heapWarning({ sourceOf }: Reader): string[] {
  const source = sourceOf.get('heap');
  const collects = source === undefined || source === 'pprof' || source === 'inspector' || source === 'jcmd';
  return collects
    ? []
    : [`The heap is read by ${source}, which collects no garbage first: its growth is no exact amount.`];
}
