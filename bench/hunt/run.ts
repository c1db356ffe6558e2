/**
 * How long a hunt takes, and on what: hunts real servers, each started anew for every hunt. `npm run build &&
 * npx tsx bench/hunt/run.ts [hunts] [words of the servers to hunt]`; without words all of them, 5 times each,
 * and the results are written to RESULTS.md.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Hunt, hunt } from '../../src/index.js';
import { type Server, servers } from '../servers.js';
import { type Spent, stopwatch } from './spent.js';

const times = Number(process.argv[2] ?? 5);
const words = process.argv.slice(3);
const size = 100_000;
const rows: string[] = [];
for (const server of servers) {
  if (words.length > 0 && !words.some(word => `${server.name} ${server.keeps}`.includes(word))) continue;
  const hunts: { record: Hunt; spent: Spent }[] = [];
  for (let i = 0; i < times; i += 1) hunts.push(await huntOnce(server));
  rows.push(rowOf(server, hunts));
  console.error(rows.at(-1));
}

const table = [
  '| server | keeps of each upload | verdict | seconds, median (most) | rounds | uploading | resting | collecting | settling | profiles | judging |',
  '| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
  ...rows,
].join('\n');
const text = `# How long a hunt takes

Written by \`npx tsx bench/hunt/run.ts\`: ${times} hunts of each server, 100 uploads of ${size / 1000} kB per round, 10 at a time, the
server started anew for each. Shares are of the wall time of all hunts of a row: resting is the blank rounds and the
rest before a leak is called, settling is reading until nothing falls any more. What is left went into finding the target
and its probes, and into heap snapshots.

${table}
`;
console.log(text);
if (words.length === 0) await writeFile(join(import.meta.dirname, 'RESULTS.md'), text);

async function huntOnce({ start }: Server): Promise<{ record: Hunt; spent: Spent }> {
  const { url, probes, stop } = await start();
  const watch = stopwatch();
  const fixture = { kind: 'text', size, seed: 1 } as const;
  const record = await hunt({ url, probes, fixture, onEvent: watch.onEvent }).finally(stop);
  return { record, spent: watch.spentBy(record) };
}

function rowOf({ name, keeps }: Server, hunts: { record: Hunt; spent: Spent }[]): string {
  const seconds = hunts.map(({ record }) => record.leakhunt.seconds);
  const wall = seconds.reduce((sum, each) => sum + each, 0);
  const share = (part: keyof Spent) => {
    const total = hunts.reduce((sum, { spent }) => sum + spent[part], 0);
    return `${Math.round((100 * total) / wall)}%`;
  };
  const verdicts = [...new Set(hunts.map(({ record }) => record.verdict))].join(', ');
  const parts = (['uploading', 'resting', 'collecting', 'settling', 'profiling', 'judging'] as const).map(
    share,
  );
  const longest = Math.max(...seconds).toFixed(1);
  const rounds = median(hunts.map(({ record }) => record.load.rounds));
  return `| ${[name, keeps, verdicts, `${median(seconds).toFixed(1)} (${longest})`, rounds, ...parts].join(' | ')} |`;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
