import { judge } from '../../src/verdict/judge/judge.js';
import { looks } from '../../src/verdict/looks.js';
import type { Interval, Point, Verdict } from '../../src/verdict/verdict.js';
import { type Cell, margin, simulate } from './families.js';
import { seeded, seedOf } from './random.js';

/** A way to judge a series: leakhunt's own, or a rule of thumb beside it. */
export type Rule = (points: readonly Point[]) => { verdict: Verdict; perUpload?: Interval };

export const leakhunt: Rule = points => judge(points, { margin, looks: looks.length });

export interface Outcome {
  cell: Cell;
  series: number;
  called: Record<Verdict, number>;
  /** Called a leak after at most 48 rounds. */
  leakBy48: number;
  /** Reported intervals that hold the true growth. */
  covered: number;
  /** Rounds until the decision, in all. */
  rounds: number;
}

export function measure(cell: Cell, series: number, rule: Rule): Outcome {
  const called = { leak: 0, flat: 0, inconclusive: 0 };
  const outcome = { cell, series, called, leakBy48: 0, covered: 0, rounds: 0 };
  const random = seeded(seedOf(`${cell.family}/${cell.leak}/${cell.noise}`));
  for (let i = 0; i < series; i++) {
    const { points, truth } = simulate(cell, random);
    const { verdict, perUpload, rounds } = untilDecided(points, rule);
    called[verdict]++;
    outcome.rounds += rounds;
    if (verdict === 'leak' && rounds <= 48) outcome.leakBy48++;
    if (perUpload && perUpload.low <= truth[1] && perUpload.high >= truth[0]) outcome.covered++;
  }
  return outcome;
}

export function untilDecided(points: readonly Point[], rule: Rule): ReturnType<Rule> & { rounds: number } {
  for (const rounds of looks) {
    const judged = rule(points.slice(0, rounds));
    if (judged.verdict !== 'inconclusive' || rounds === looks.at(-1)) return { ...judged, rounds };
  }
  throw new Error('A hunt has at least one look.');
}
