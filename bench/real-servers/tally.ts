import type { Verdict } from '../../src/verdict/verdict.js';

/** Every hunt of one server so far, by its verdict. */
export interface Counts extends Record<Verdict, number> {
  server: string;
  /** What it keeps of each upload. */
  keeps: string;
}

export type Tally = Counts[];

/** A leak although nothing is kept, or flat although something is. */
export function isFalse(keeps: string, verdict: Verdict): boolean {
  return verdict === (keeps === 'nothing' ? 'leak' : 'flat');
}

export function resultsOf(tally: Tally): string {
  const sum = (of: (row: Counts) => number) => tally.reduce((total, row) => total + of(row), 0);
  const hunts = (row: Counts) => row.leak + row.flat + row.inconclusive;
  const flat = (of: (row: Counts) => number) => sum(row => (row.keeps === 'nothing' ? of(row) : 0));
  const rows = tally.map(
    row => `| ${row.server} | ${row.keeps} | ${row.leak} | ${row.flat} | ${row.inconclusive} |`,
  );
  return `# Verdicts on real servers

Written by \`npx tsx bench/real-servers/run.ts\`, which adds to it: 100 uploads of 100 kB per round, 10 at a time, the server
started anew for each hunt. All hunts since the first are counted, also those by earlier rules of the verdict.

| server | keeps of each upload | leak | flat | inconclusive |
| --- | --- | ---: | ---: | ---: |
${rows.join('\n')}

${sum(hunts)} hunts, ${flat(hunts)} of servers that keep nothing: ${flat(row => row.leak)} of those were called a leak.
Of the others ${sum(row => (row.keeps === 'nothing' ? 0 : row.flat))} were called flat.
`;
}
