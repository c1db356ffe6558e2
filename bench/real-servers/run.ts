/**
 * Hunts real servers again and again, each leak and each fixed form, and counts the verdicts: a false one
 * is a fault. `npm run build && npx tsx bench/real-servers/run.ts [hunts]` (20 each without a number).
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Hunt, hunt } from '../../src/index.js';
import { resources } from '../../src/probes/resources.js';
import { demoLeaks, startDemo } from '../../src/target/demo.js';
import { buildGoTarget, startGoTarget } from '../../test/support/go.js';

interface Running {
  url: string;
  probes: string[];
  stop(): Promise<unknown>;
}

interface Case {
  server: string;
  leak: string;
  start(): Promise<Running>;
}

const binary = await buildGoTarget('go-gin');
const goCases = ['none', 'body', 'object', 'goroutine', 'file', 'tempfile'].map(
  (leak): Case => ({
    server: 'Go',
    leak,
    start: async () => ({ probes: ['auto'], ...(await startGoTarget(binary, ['-leak', leak])) }),
  }),
);
const nodeCases = demoLeaks.map(
  (leak): Case => ({
    server: 'Node',
    leak,
    start: async () => {
      const target = await startDemo(leak);
      return { ...target, probes: [`inspector=${target.inspector}`, 'auto'] };
    },
  }),
);

const times = Number(process.argv[2] ?? 20);
const rows: string[] = [];
let falseVerdicts = 0;
for (const each of [...nodeCases, ...goCases]) {
  const records: Hunt[] = [];
  for (let i = 0; i < times; i += 1) {
    const target = await each.start();
    const { url, probes } = target;
    records.push(
      await hunt({ url, probes, fixture: { kind: 'text', size: 100_000, seed: 1 } }).finally(target.stop),
    );
  }
  falseVerdicts += records.filter(record => isFalse(record, each.leak)).length;
  rows.push(rowOf(each, records));
  console.error(rows.at(-1));
}

const table = [
  '| server | keeps of each upload | leak | flat | inconclusive | rounds, median (most) | seconds, median (most) | undecided because |',
  '| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |',
  ...rows,
].join('\n');
const text = `# Verdicts on real servers

Written by \`npx tsx bench/real-servers/run.ts\`: ${times} hunts of each server, 100 uploads of 100 kB per round, 10 at a time, the
server started anew for each.

${table}

False verdicts (a leak where nothing is kept, or flat where something is): ${falseVerdicts}.
`;
console.log(text);
await writeFile(join(import.meta.dirname, 'RESULTS.md'), text);
process.exitCode = falseVerdicts === 0 ? 0 : 1;

function isFalse({ verdict }: Hunt, leak: string): boolean {
  return verdict === (leak === 'none' ? 'leak' : 'flat');
}

function rowOf({ server, leak }: Case, records: Hunt[]): string {
  const count = (verdict: string) => records.filter(record => record.verdict === verdict).length;
  const undecided = records.flatMap(({ verdict, resources: all }) =>
    verdict === 'inconclusive'
      ? all
          .filter(each => each.decisive && each.verdict === 'inconclusive')
          .map(({ name, reason }) => `${resources[name].title} ${reason}`)
      : [],
  );
  const cells = [
    server,
    leak === 'none' ? 'nothing' : leak,
    ...['leak', 'flat', 'inconclusive'].map(count),
    medianAndMost(records.map(({ load }) => load.rounds)),
    medianAndMost(records.map(({ leakhunt }) => Math.round(leakhunt.seconds * 10) / 10)),
    [...new Set(undecided)].join(', '),
  ];
  return `| ${cells.join(' | ')} |`;
}

function medianAndMost(values: number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  return `${sorted[Math.floor(sorted.length / 2)]} (${sorted.at(-1)})`;
}
