import { exitCodes } from '../exit-codes.js';
import type { SourceName } from '../probes/probe.js';
import type { ResourceName } from '../probes/resources.js';
import type { Hunt, ScenarioRecord } from '../record/record.js';
import { overallVerdict } from '../verdict/findings.js';
import type { Rest } from '../verdict/rest.js';
import { leadingOf } from './assemble.js';
import { churnOf, peakOf } from './costs.js';
import type { JournalLine, PlainReader, ReadingLine } from './journal-line.js';
import type { JudgedPlan } from './judged.js';
import { findingsIn } from './judging.js';
import { resourceRecordOf } from './scenario-record.js';

/** The state of a hunt that was killed, as far as it is known. */
const warning =
  'leakhunt was killed during this hunt: the record is made from the readings that it had saved by then.';

/**
 * The record of a killed hunt, made from the lines that it wrote; undefined if nothing was read. Its verdict
 * is that of an interrupted hunt. Throws if lines do not belong together.
 */
export function recordFrom(lines: readonly JournalLine[]): Hunt | undefined {
  const head = lines.find(line => line.type === 'hunt');
  const readings = lines.filter(line => line.type === 'reading');
  const last = readings.at(-1);
  if (!head || !last) return undefined;
  const names = [...new Set(readings.map(({ scenario }) => scenario))];
  const parts = names.map(name => partOf(name, lines, head.plan));
  const lead = leadingOf(parts);
  return {
    ...head.record,
    ...lead,
    exitCode: exitCodes.interrupted,
    leakhunt: { ...head.record.leakhunt, seconds: last.seconds },
    target: { ...head.record.target, probes: last.probes },
    ...(head.record.scenarios ? { scenarios: parts } : {}),
    warnings: [warning],
  };
}

/** What was measured of one scenario. */
function partOf(scenario: string, lines: readonly JournalLine[], plan: JudgedPlan): ScenarioRecord {
  const own = lines.filter(line => line.type !== 'hunt' && line.scenario === scenario);
  const readings = own.filter((line): line is ReadingLine => line.type === 'reading');
  const revised = new Map(own.flatMap(line => (line.type === 'revised' ? [[line.index, line.reading]] : [])));
  const rests = own.flatMap((line): Rest[] => (line.type === 'rest' ? [line.rest] : []));
  const { load, reader: plain, probes } = readings.at(-1)!;
  const reader = readerOf(plain, probes);
  const rounds = readings.map(({ round, balanced, bodyBytes, reading }, index) => ({
    step: { kind: round.kind, balanced },
    reading: revised.get(index) ?? reading,
    result: round.sent > 0 ? { completed: round.completed } : undefined,
    request: bodyBytes === undefined ? undefined : { body: { size: bodyBytes } },
  }));
  const findings = findingsIn({ rounds, rests }, plan, reader);
  return {
    scenario,
    verdict: overallVerdict(findings),
    end: 'interrupted',
    load,
    rounds: readings.map(({ round }) => round),
    resources: findings.map(finding => resourceRecordOf(finding, reader)),
    culprits: [],
    explained: [],
    churn: churnOf(rounds, reader, []),
    peak: peakOf(rounds, reader, load.concurrency),
    warnings: [],
  };
}

function readerOf(plain: PlainReader, probes: ReadingLine['probes']) {
  const { collector } = plain;
  return {
    ...plain,
    collector: collector && { ...collector, limit: collector.limit ?? Number.POSITIVE_INFINITY },
    partlyRead: new Set(plain.partlyRead),
    sourceOf: new Map(plain.sources as [ResourceName, SourceName][]),
    lost: probes.flatMap(({ source, lost }) => (lost === undefined ? [] : [{ source, why: lost }])),
  };
}
