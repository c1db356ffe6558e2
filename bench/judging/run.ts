/**
 * How long it takes to judge a hunt of ten resources after 96 rounds, when all ten are of one kind: nothing
 * else is as slow. `npx tsx bench/judging/run.ts`; the results are written to RESULTS.md.
 */
import { writeFileSync } from 'node:fs';
import { findingsOf } from '../../src/verdict/findings.js';
import { looks } from '../../src/verdict/looks.js';
import { defaultMargins } from '../../src/verdict/margins.js';
import type { Series } from '../../src/verdict/series.js';
import { tenResources } from '../calibration/attacks/measure.js';
import { simulate } from '../calibration/attacks/simulate.js';
import { seeded, seedOf } from '../calibration/random.js';

const kinds: [title: string, family: string, leak: number][] = [
  ['noise, nothing kept', 'AR(1), phi 0.6', 0],
  ['noise, a leak of six margins', 'AR(1), phi 0.6', 6],
  ['a cache in two stages', 'two-stage cache, 14 to 24', 0],
  ['a cache in two stages and a leak', 'two-stage cache, 14 to 24', 6],
  ['a saw', 'rotation, 5 to 10', 0],
  ['steps', 'arenas at random', 0],
];
const times = 7;

const rows = kinds.map(([title, family, leak]) => {
  const random = seeded(seedOf(`judging/${family}/${leak}`));
  const { points } = simulate({ family, leak }, random);
  const read = points.filter(point => point !== undefined);
  const all = tenResources.map((name): Series => ({ name, unit: 'bytes', source: 'pprof', points: read }));
  const options = { margins: defaultMargins, minUploads: 2000, looks: looks.length, processes: 1 };
  const taken = Array.from({ length: times }, () => {
    const start = performance.now();
    findingsOf(all, options);
    return performance.now() - start;
  });
  const sorted = taken.slice(1).sort((a, b) => a - b);
  return `| ${title} | ${sorted[Math.floor(sorted.length / 2)]!.toFixed(0)} | ${sorted.at(-1)!.toFixed(0)} |`;
});

const text = `# How long judging takes

Printed by \`npx tsx bench/judging/run.ts\`: milliseconds to judge ten resources after 96 rounds, all of one kind; ${times - 1}
times, after one to warm up.

| all ten are | median | most |
| --- | ---: | ---: |
${rows.join('\n')}
`;
console.log(text);
writeFileSync(new URL('RESULTS.md', import.meta.url), text);
