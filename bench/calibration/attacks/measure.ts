import { looks } from '../../../src/hunt/schedule.js';
import { type ResourceName, resources } from '../../../src/probes/resources.js';
import type { Series } from '../../../src/series/series.js';
import { type Finding, findingsOf } from '../../../src/verdict/findings.js';
import { defaultMargins } from '../../../src/verdict/margins.js';
import type { Verdict } from '../../../src/verdict/types.js';
import { seeded, seedOf } from '../random.js';
import { families } from './families.js';
import { perRound } from './making.js';
import { outlivesRest } from './rest.js';
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
  /** Leaks called flat although there was something to be seen by then. */
  falseFlats: number;
  /** Reported intervals that hold the true growth. */
  covered: number;
  /** Rounds until the decision, in all. */
  rounds: number;
}

/** What a hunt does not call a leak before, where only memory grows. */
const minUploads = 2000;

/** The other nine of the ten resources of a hunt; nothing happens to them. */
const others = ['array-buffers', 'external', 'threads', 'open-files', 'sockets', 'temp-files'] as const;
const more = ['active-handles', 'direct-buffers', 'heap-objects'] as const;
const constant = [...others, ...more].map(name => seriesOf(name, [0, perRound].map(pointAt)));

export function measure({ cell, series, seeds }: Task): Outcome {
  const called = { leak: 0, flat: 0, inconclusive: 0 };
  const outcome = { cell, series, called, leakBy48: 0, falseFlats: 0, covered: 0, rounds: 0 };
  const random = seeded(seedOf(`${seeds}/${cell.family}/${cell.leak}`));
  const { knowableFrom = 0 } = families[cell.family]!;
  for (let i = 0; i < series; i++) {
    const simulated = simulate(cell, random);
    const { verdict, perUpload, at, round } = untilDecided(cell, simulated);
    called[verdict]++;
    outcome.rounds += round;
    if (verdict === 'leak' && round <= 48) outcome.leakBy48++;
    if (verdict === 'flat' && cell.leak >= 2 && round >= knowableFrom) outcome.falseFlats++;
    const [low, high] = truthAt(cell, simulated, at);
    if (perUpload.low <= high && perUpload.high >= low) outcome.covered++;
  }
  return outcome;
}

interface Decided extends Pick<Finding, 'perUpload'> {
  verdict: Verdict;
  at: number;
  round: number;
}

/** Judged at each look as a hunt does, until one decides. */
function untilDecided({ family }: Cell, { making, shape, points }: Simulated): Decided {
  const { resource } = families[family]!;
  const { moments } = making;
  for (const [at, { look, round }] of moments.entries()) {
    if (!look) continue;
    const own = seriesOf(
      resource,
      points.slice(0, at + 1).flatMap(point => point ?? []),
    );
    const options = { margins: defaultMargins, minUploads, looks: looks.length, processes: 1 };
    const { verdict, perUpload } = findingsOf([own, ...constant], options)[0]!;
    if (verdict === 'inconclusive' && at < moments.length - 1) continue;
    const stands = verdict !== 'leak' || outlivesRest(making, shape, at);
    return { verdict: stands && verdict !== 'suspect' ? verdict : 'inconclusive', perUpload, at, round };
  }
  throw new Error('A hunt looks after its last round.');
}

function truthAt({ family }: Cell, { making, shape }: Simulated, at: number): readonly [number, number] {
  const { truth, slowing } = families[family]!;
  const { leak } = making;
  if (truth) return truth(leak);
  const lately = slowing ? (shape.values[at]! - shape.values[at - 1]!) / perRound : 0;
  return [leak, leak + lately];
}

function seriesOf(name: ResourceName, points: Series['points']): Series {
  return { name, unit: resources[name].unit, source: 'pprof', points };
}

function pointAt(uploads: number): Series['points'][number] {
  return { uploads, value: 10, round: 'upload', seconds: 0 };
}
