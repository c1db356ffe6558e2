import { families } from './families.js';
import type { Outcome } from './measure.js';

export interface Reached {
  claim: string;
  share: number;
  reached: boolean;
  /** Families that miss it by themselves, the worst first. */
  missed: string[];
}

interface Reach {
  claim: string;
  about: (outcome: Outcome) => boolean;
  count: (outcome: Outcome) => number;
  between: readonly [least: number, most: number];
}

const overall: Reach[] = [
  {
    claim: 'false leaks, at most 0.3%',
    about: ({ cell }) => cell.leak === 0,
    count: ({ called }) => called.leak,
    between: [0, 0.003],
  },
  {
    claim: 'leaks of 2 margins and more called flat, at most 0.1%',
    about: ({ cell }) => cell.leak >= 2,
    count: ({ falseFlats }) => falseFlats,
    between: [0, 0.001],
  },
  {
    claim: 'leaks of 6 margins found within 48 rounds, at least 99%',
    about: ({ cell }) => cell.leak === 6,
    count: ({ leakBy48 }) => leakBy48,
    between: [0.99, 1],
  },
  {
    claim: '95% intervals that hold the true growth, 93 to 99%',
    about: () => true,
    count: ({ covered }) => covered,
    between: [0.93, 0.99],
  },
];

/** What is reached where the truth can be known, over all families, and which of them miss it. */
export function reachesOf(outcomes: readonly Outcome[]): Reached[] {
  const known = outcomes.filter(isKnowable);
  return overall.flatMap(({ claim, about, count, between }) => {
    const members = known.filter(about);
    if (members.length === 0) return [];
    const shareOf = (some: readonly Outcome[]) => sum(some, count) / sum(some, ({ series }) => series);
    const outside = (share: number) => Math.max(between[0] - share, share - between[1]);
    const byFamily = [...new Set(members.map(({ cell }) => cell.family))]
      .map(family => ({ family, share: shareOf(members.filter(({ cell }) => cell.family === family)) }))
      .filter(({ share }) => outside(share) > 0)
      .sort((a, b) => outside(b.share) - outside(a.share));
    const share = shareOf(members);
    return {
      claim,
      share,
      reached: outside(share) <= 0,
      missed: byFamily.map(({ family, share }) => `${family} ${(100 * share).toFixed(1)}%`),
    };
  });
}

export function isKnowable({ cell }: Outcome): boolean {
  return unknowable(cell.family, cell.leak) === undefined;
}

export function unknowable(family: string, leak: number): string | undefined {
  return families[family]!.unknowable?.(leak);
}

function sum(outcomes: readonly Outcome[], of: (outcome: Outcome) => number): number {
  return outcomes.reduce((total, each) => total + of(each), 0);
}
