import { type Cell, slow } from './families.js';
import { grouped } from './grouped.js';
import type { Outcome } from './measure.js';

/** What the judge must reach, over the cells it is about. */
export interface Reach {
  claim: string;
  about: (cell: Cell) => boolean;
  /** Cells of one name are counted together. */
  per: (cell: Cell) => string;
  /** How many of an outcome's series do what the claim says. */
  count: (outcome: Outcome) => number;
  atLeast?: number;
  atMost?: number;
  /**
   * Groups that miss the required value, and the value they are held to instead; docs/statistics.md says why.
   */
  known?: Record<string, number>;
}

export interface Reached {
  claim: string;
  group: string;
  series: number;
  share: number;
  wanted: number;
  /** The value it is held to: the required one, or less if that is known to be missed. */
  held: number;
  reached: boolean;
  /** Missed its value by more than chance. */
  broken: boolean;
}

const isFlat = ({ leak }: Cell) => leak === 0;
const isSlow = ({ family }: Cell) => slow.includes(family);
const fillsLong = ({ family }: Cell) => family === 'cache, tau 24';
const familyOf = ({ family }: Cell) => family;
const familyAndNoise = ({ family, noise }: Cell) => `${family}, noise ${noise}`;

export const criteria: Reach[] = [
  {
    claim: 'false leaks where what fills is full after 24 rounds, at most 0.5%',
    about: cell => isFlat(cell) && !fillsLong(cell) && !isSlow(cell),
    per: familyOf,
    count: ({ called }) => called.leak,
    atMost: 0.005,
  },
  {
    claim: 'false leaks, with a cache of 24 rounds, at most 1%',
    about: cell => isFlat(cell) && fillsLong(cell),
    per: familyOf,
    count: ({ called }) => called.leak,
    atMost: 0.01,
  },
  {
    claim: 'false leaks on average, slow ones apart, at most 0.2%',
    about: cell => isFlat(cell) && !isSlow(cell),
    per: () => 'all families',
    count: ({ called }) => called.leak,
    atMost: 0.002,
  },
  {
    claim: 'flat where noise is at most 6 and no cache still fills, at least 99%',
    about: cell => isFlat(cell) && cell.noise <= 6 && !fillsLong(cell) && !isSlow(cell),
    per: familyAndNoise,
    count: ({ called }) => called.flat,
    atLeast: 0.99,
    known: { 'AR(1), phi 0.9, noise 6': 0.97, 'sawtooth, noise 6': 0.92 },
  },
  {
    claim: 'leaks of 6 and more with noise 6 found within 48 rounds, at least 99%',
    about: cell => cell.leak >= 6 && cell.noise === 6 && !isSlow(cell),
    per: familyOf,
    count: ({ leakBy48 }) => leakBy48,
    atLeast: 0.99,
    known: {
      'AR(1), phi 0.5': 0.7,
      'AR(1), phi 0.9': 0.92,
      'one step up': 0.95,
      'one step down': 0.8,
      'three random steps': 0.38,
      'cache, tau 3': 0.97,
      'cache, tau 8': 0.6,
      'cache, tau 24': 0.28,
      'ring, full in round 6': 0.72,
      sawtooth: 0.25,
      'heavy tails, t(2)': 0.88,
      'pages of 4 KiB': 0.95,
      'uneven rounds': 0.98,
      'slice doubling': 0.92,
      'one upload in fifty': 0.68,
    },
  },
  {
    claim: 'leaks of 6 and more with noise 6 found within 96 rounds, at least 99%',
    about: cell => cell.leak >= 6 && cell.noise === 6 && !isSlow(cell),
    per: familyOf,
    count: ({ called }) => called.leak,
    atLeast: 0.99,
    known: {
      'AR(1), phi 0.5': 0.98,
      'three random steps': 0.97,
      'ring, full in round 6': 0.98,
      'slice doubling': 0.98,
      'one upload in fifty': 0.94,
      sawtooth: 0.98,
    },
  },
  {
    claim: 'leaks of 2 with noise 1 found, at least 90%',
    about: cell => cell.leak === 2 && cell.noise === 1 && !isSlow(cell),
    per: familyOf,
    count: ({ called }) => called.leak,
    atLeast: 0.9,
    known: { 'one upload in fifty': 0.68 },
  },
  {
    claim: 'leaks called flat, at most 1%',
    about: cell => !isFlat(cell) && !isSlow(cell),
    per: familyOf,
    count: ({ called }) => called.flat,
    atMost: 0.01,
  },
  {
    claim: '95% intervals that hold the true growth, at least 94%',
    about: cell => !isSlow(cell),
    per: familyOf,
    count: ({ covered }) => covered,
    atLeast: 0.94,
    known: { 'one upload in fifty': 0.78 },
  },
];

export function check(reach: Reach, outcomes: readonly Outcome[]): Reached[] {
  const groups = grouped(
    outcomes.filter(({ cell }) => reach.about(cell)),
    ({ cell }) => reach.per(cell),
  );
  return [...groups].map(([group, members]) => {
    const series = members.reduce((sum, each) => sum + each.series, 0);
    const share = members.reduce((sum, each) => sum + reach.count(each), 0) / series;
    const wanted = reach.atLeast ?? reach.atMost!;
    const held = reach.known?.[group] ?? wanted;
    const sign = reach.atLeast === undefined ? -1 : 1;
    // Three standard deviations of a binomial share, and a series' worth for the discreteness.
    const chance = 3 * Math.sqrt((held * (1 - held)) / series) + 1 / series;
    return {
      claim: reach.claim,
      group,
      series,
      share,
      wanted,
      held,
      reached: sign * (share - wanted) >= 0,
      broken: sign * (share - held) < -chance,
    };
  });
}
