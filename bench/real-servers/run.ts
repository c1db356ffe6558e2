/**
 * Hunts real servers again and again, each started anew for every hunt, and counts the verdicts: a false one
 * is a fault. `npm run build && npx tsx bench/real-servers/run.ts [hunts] [words of the servers to hunt]` (20
 * of each without a number, all of them without words). What is counted is added to tally.json, and
 * RESULTS.md shows all of it.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hunt } from '../../src/index.js';
import { type Server, servers } from '../servers.js';
import { type Counts, isFalse, resultsOf, type Tally } from './tally.js';

const times = Number(process.argv[2] ?? 20);
const words = process.argv.slice(3);
const file = (name: string) => join(import.meta.dirname, name);
const tally: Tally = JSON.parse(await readFile(file('tally.json'), 'utf8'));

let falseVerdicts = 0;
for (const server of servers) {
  const { name, keeps } = server;
  if (words.length > 0 && !words.some(word => `${name} ${keeps}`.includes(word))) continue;
  const row = rowFor(name, keeps);
  for (let i = 0; i < times; i += 1) {
    const { verdict, leakhunt, load } = await huntOnce(server);
    row[verdict] += 1;
    falseVerdicts += Number(isFalse(keeps, verdict));
    console.error(
      `${name}, keeps ${keeps}: ${verdict} after ${load.rounds} rounds, ${leakhunt.seconds.toFixed(1)} s`,
    );
    await writeFile(file('tally.json'), `${JSON.stringify(tally, undefined, 2)}\n`);
  }
}
await writeFile(file('RESULTS.md'), resultsOf(tally));
process.exitCode = falseVerdicts === 0 ? 0 : 1;

async function huntOnce({ start }: Server) {
  const { url, probes, stop } = await start();
  const fixture = { kind: 'text', size: 100_000, seed: 1 } as const;
  return hunt({ url, probes, fixture }).finally(stop);
}

function rowFor(name: string, keeps: string): Counts {
  const known = tally.find(each => each.server === name && each.keeps === keeps);
  if (known) return known;
  const row = { server: name, keeps, leak: 0, flat: 0, inconclusive: 0 };
  tally.push(row);
  return row;
}
