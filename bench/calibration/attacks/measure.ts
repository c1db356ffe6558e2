import { type ResourceName, resources } from '../../../src/probes/resources.js';
import type { Finding } from '../../../src/verdict/finding.js';
import { findingsOf } from '../../../src/verdict/findings.js';
import { looks } from '../../../src/verdict/looks.js';
import { defaultMargins } from '../../../src/verdict/margins.js';
import { isDoubtful } from '../../../src/verdict/rest.js';
import type { Series, SeriesPoint } from '../../../src/verdict/series.js';
import type { Verdict } from '../../../src/verdict/verdict.js';
import { seeded, seedOf } from '../random.js';
import { families } from './families.js';
import { perRound } from './making.js';
import { outlivesRest, restAfter } from './rest.js';
import { type Cell, type Simulated, simulate } from './simulate.js';

/** Seeds to work with, and others for the final figures, which nothing was tuned to. */
export const seedSets = ['work', 'confirm'] as const;

export interface Task {
  cell: Cell;
  series: number;
  seeds: (typeof seedSets)[number];
}

export interface Outcome {
  cell: Cell;
  series: number;
  called: Record<Verdict, number>;
  /** Called a leak after at most 48 rounds. */
  leakBy48: number;
  /** Leaks called flat before there was anything to be seen. */
  earlyFlats: number;
  /** Reported intervals that hold the true growth. */
  covered: number;
  /** Rounds until the decision, in all. */
  rounds: number;
  /** The first few series with a wrong verdict. */
  wrong: Wrong[];
}

/** Enough of a series to look at it again. */
interface Wrong extends Pick<Finding, 'verdict' | 'reason' | 'perUpload'> {
  index: number;
  round: number;
  points: (readonly [uploads: number, value: number])[];
}

const mostWrong = 5;

/** A hunt calls no leak before this, if only memory grows. */
const minUploads = 2000;

/** The ten resources of a hunt; something happens only to the first. */
export const tenResources = [
  'heap',
  'heap-objects',
  'array-buffers',
  'external',
  'direct-buffers',
  'threads',
  'active-handles',
  'open-files',
  'sockets',
  'temp-files',
] as const;

const others: Series[] = tenResources.slice(1).map(name => seriesOf(name, [0, perRound].map(pointAt)));

export function measure({ cell, series, seeds }: Task): Outcome {
  const called = { leak: 0, flat: 0, inconclusive: 0 };
  const outcome = {
    cell,
    series,
    called,
    leakBy48: 0,
    earlyFlats: 0,
    covered: 0,
    rounds: 0,
    wrong: [] as Wrong[],
  };
  const random = seeded(seedOf(`${seeds}/${cell.family}/${cell.leak}`));
  const knowableFrom = knowableFromOf(cell);
  for (let i = 0; i < series; i++) {
    const simulated = simulate(cell, random);
    const decided = untilDecided(cell, simulated);
    const { verdict, reason, perUpload, at, round } = decided;
    called[verdict]++;
    outcome.rounds += round;
    if (verdict === 'leak' && round <= 48) outcome.leakBy48++;
    if (verdict === 'flat' && round < knowableFrom) outcome.earlyFlats++;
    else if (verdict === (cell.leak === 0 ? 'leak' : 'flat') && outcome.wrong.length < mostWrong) {
      const points = simulated.points
        .slice(0, at + 1)
        .flatMap(point => (point ? [[point.uploads, point.value] as const] : []));
      outcome.wrong.push({ index: i, verdict, reason, perUpload, round, points });
    }
    const [low, high] = round < knowableFrom ? [0, simulated.making.leak] : truthAt(cell, simulated, at);
    if (perUpload.low <= high && perUpload.high >= low) outcome.covered++;
  }
  return outcome;
}

export function knowableFromOf({ family, leak }: Cell): number {
  return leak === 0 ? 0 : (families[family]!.knowableFrom?.(leak) ?? 0);
}

interface Decided extends Pick<Finding, 'perUpload' | 'reason'> {
  verdict: Verdict;
  at: number;
  round: number;
}

/** Judged at each look as a hunt does, until one decides. */
function untilDecided({ family }: Cell, simulated: Simulated): Decided {
  const { resource, asHunt } = families[family]!;
  const { making, points } = simulated;
  const { moments } = making;
  const seen: SeriesPoint[] = [];
  let rested = 0;
  for (const [at, { look, round, uploads }] of moments.entries()) {
    if (points[at]) seen.push(points[at]);
    if (!look) continue;
    let finding = judged(resource, seen);
    // A rest comes before a leak is called, and where there is only the doubt that it may lift.
    if (asHunt && (finding.verdict === 'leak' || (isDoubtful(finding) && uploads >= 2 * rested))) {
      rested = uploads;
      seen.push(...restAfter(simulated, at));
      finding = judged(resource, seen);
    }
    const { verdict, reason, perUpload } = finding;
    if (verdict === 'inconclusive' && at < moments.length - 1) continue;
    const stands = verdict !== 'leak' || outlivesRest(simulated, at);
    const called = stands && verdict !== 'suspect' ? verdict : 'inconclusive';
    return { verdict: called, reason, perUpload, at, round };
  }
  throw new Error('A hunt looks after its last round.');
}

function judged(resource: ResourceName, points: readonly SeriesPoint[]): Finding {
  const options = { margins: defaultMargins, minUploads, looks: looks.length, processes: 1 };
  return findingsOf([seriesOf(resource, [...points]), ...others], options)[0]!;
}

function truthAt({ family }: Cell, { making, shape }: Simulated, at: number): readonly [number, number] {
  const { truth, lately } = families[family]!;
  const { leak, moments } = making;
  if (truth) return truth(leak);
  if (!lately) return [leak, leak];
  const middle = moments.findIndex(({ uploads }) => uploads >= moments[at]!.uploads / 2);
  const uploads = moments[at]!.uploads - moments[middle]!.uploads;
  const added = (shape.values[at]! - shape.values[middle]!) / uploads;
  return [leak + Math.min(added, 0), leak + Math.max(added, 0)];
}

function seriesOf(name: ResourceName, points: Series['points']): Series {
  return { name, unit: resources[name].unit, source: 'pprof', points };
}

function pointAt(uploads: number): Series['points'][number] {
  return { uploads, value: 10, round: 'upload', seconds: 0 };
}
