import type { Reading } from '../probes/reading.js';
import type { Finding } from '../verdict/finding.js';
import { findingsOf, type JudgingOptions } from '../verdict/findings.js';
import { looks } from '../verdict/looks.js';
import { afterRests, growthSoFar, type Rest, type RestedFinding } from '../verdict/rest.js';
import { seriesOf } from '../verdict/series.js';
import type { JudgedPlan, JudgedReader } from './judged.js';
import { addedMemory } from './memory-guard.js';
import { type JudgedRound, readingsOf } from './rounds.js';

/**
 * The findings for every resource after all rounds and rests; with several sizes, after the rounds in which
 * each had its turn.
 */
export function findingsIn(
  { rounds, rests }: { rounds: readonly JudgedRound[]; rests: readonly Rest[] },
  plan: JudgedPlan,
  reader: JudgedReader,
): RestedFinding[] {
  const readings = readingsOf(rounds.filter(({ step }) => step.balanced));
  const options = { ...judgingOf(plan, reader), collections: collectionsIn(readings) };
  const series = seriesOf(readings, reader.sourceOf);
  const judged = findingsOf(series, options);
  const findings = keepsBodies(judged, rounds) ? findingsOf(series, { ...options, minUploads: 0 }) : judged;
  return afterRests(findings, rests, options.minUploads);
}

/**
 * Collections of the whole heap between the first settled reading and the last; undefined if no source counts
 * them.
 */
function collectionsIn(readings: readonly Reading[]): number | undefined {
  const settled = readings.filter(({ kind }) => kind === 'upload' || kind === 'blank');
  const [first, last] = [settled[0]?.collections, settled.at(-1)?.collections];
  return first === undefined || last === undefined ? undefined : last - first;
}

/** No cache of uploaded bodies in a service is expected to hold more bytes. */
const noCache = 512 * 2 ** 20;

/** Whether memory grew by more than any plausible cache, and by a body or more with each upload. */
function keepsBodies(findings: readonly Finding[], rounds: readonly JudgedRound[]): boolean {
  const bodies = rounds.flatMap(({ request }) => request?.body.size ?? []);
  const body = Math.max(...bodies);
  return (
    bodies.length > 0 &&
    (addedMemory(rounds) ?? 0) > noCache &&
    findings.some(
      finding =>
        finding.reason === 'may-be-filling' &&
        finding.perUpload.low > 0.9 * body &&
        growthSoFar(finding) > noCache,
    )
  );
}

/** The settings of the verdict: a fixed number of rounds is judged once, at its end. */
function judgingOf(
  plan: JudgedPlan,
  { processes, heaps, partlyRead, collector }: JudgedReader,
): JudgingOptions {
  const { margins, tolerances, minUploads, rounds } = plan;
  return {
    margins,
    tolerances,
    minUploads,
    looks: rounds === 'auto' ? looks.length : 1,
    processes,
    heaps,
    partlyRead,
    collector,
  };
}
