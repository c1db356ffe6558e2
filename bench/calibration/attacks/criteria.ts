import { families } from './families.js';
import { knowableFromOf, type Outcome } from './measure.js';

export interface Reached {
  claim: string;
  share: number;
  /** Absent if there is no requirement. */
  reached?: boolean;
  /** Families that miss the requirement by themselves, the worst first. */
  below: string[];
  above: string[];
}

interface Reach {
  claim: string;
  about: (outcome: Outcome) => boolean;
  count: (outcome: Outcome) => number;
  /** The number of series it refers to, if not all. */
  among?: (outcome: Outcome) => number;
  least?: number;
  most?: number;
}

const reaches: Reach[] = [
  {
    claim: 'false leaks, at most 0.3%',
    about: outcome => outcome.cell.leak === 0 && isKnowable(outcome),
    count: ({ called }) => called.leak,
    most: 0.003,
  },
  {
    claim: 'leaks of 2 margins and more called flat once they show, at most 0.1%',
    about: ({ cell }) => cell.leak >= 2,
    count: ({ called, earlyFlats }) => called.flat - earlyFlats,
    most: 0.001,
  },
  {
    claim: 'leaks of 6 margins found within 48 rounds, at least 99%',
    about: outcome => outcome.cell.leak === 6 && isKnowable(outcome) && showsBy24(outcome),
    count: ({ leakBy48 }) => leakBy48,
    among: ({ series, earlyFlats }) => series - earlyFlats,
    least: 0.99,
  },
  {
    claim: '95% intervals that hold the true growth, 93 to 99%',
    about: isKnowable,
    count: ({ covered }) => covered,
    least: 0.93,
    most: 0.99,
  },
  {
    claim: 'leaks called flat before anything of them shows',
    about: ({ cell }) => cell.leak >= 2,
    count: ({ earlyFlats }) => earlyFlats,
  },
];

/** What is reached over all families, and which of them miss it. */
export function criteriaOf(outcomes: readonly Outcome[]): Reached[] {
  return reaches.flatMap(({ claim, about, count, among = ({ series }) => series, least = 0, most = 1 }) => {
    const members = outcomes.filter(outcome => about(outcome) && among(outcome) > 0);
    if (members.length === 0) return [];
    const shareOf = (some: readonly Outcome[]) => sum(some, count) / sum(some, among);
    const byFamily = [...new Set(members.map(({ cell }) => cell.family))]
      .map(family => ({ family, share: shareOf(members.filter(({ cell }) => cell.family === family)) }))
      .sort((a, b) => a.share - b.share);
    const name = ({ family, share }: (typeof byFamily)[number]) => `${family} ${(100 * share).toFixed(1)}%`;
    const share = shareOf(members);
    const reached = least === 0 && most === 1 ? {} : { reached: share >= least && share <= most };
    const below = byFamily.filter(each => each.share < least).map(name);
    const above = byFamily.filter(each => each.share > most).map(name);
    return { claim, share, ...reached, below, above: above.reverse() };
  });
}

function isKnowable({ cell }: Outcome): boolean {
  return unknowable(cell.family, cell.leak) === undefined;
}

/** As much of the 48 rounds is left as has passed by then. */
function showsBy24({ cell }: Outcome): boolean {
  return knowableFromOf(cell) <= 24;
}

export function unknowable(family: string, leak: number): string | undefined {
  return families[family]!.unknowable?.(leak);
}

function sum(outcomes: readonly Outcome[], of: (outcome: Outcome) => number): number {
  return outcomes.reduce((total, each) => total + of(each), 0);
}
