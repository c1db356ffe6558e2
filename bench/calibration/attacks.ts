import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { criteriaOf } from './attacks/criteria.js';
import { families } from './attacks/families.js';
import { type Outcome, seedSets, type Task } from './attacks/measure.js';
import { attackReachTable, notesOf, outcomeTable } from './attacks/tables.js';
import { runOnThreads } from './pool.js';

const { values: flags } = parseArgs({
  options: {
    series: { type: 'string', default: '200' },
    seeds: { type: 'string', default: 'work' },
    family: { type: 'string', default: '' },
    threads: { type: 'string', default: String(availableParallelism()) },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const series = Number(flags.series);
const seeds = seedSets.find(set => set === flags.seeds);
if (!seeds) throw new Error(`--seeds ${flags.seeds} is none of ${seedSets.join(', ')}.`);

const tasks = Object.entries(families)
  .filter(([family]) => family.toLowerCase().includes(flags.family.toLowerCase()))
  .flatMap(([family, { leaks }]) => leaks.map((leak): Task => ({ cell: { family, leak }, series, seeds })));
const worker = import.meta.resolve('./attacks/worker.ts');
const outcomes = await runOnThreads<Task, Outcome>(worker, tasks, Number(flags.threads));
const reached = criteriaOf(outcomes);

const text = `# Attacks: ${series} series per cell, ${seeds} seeds

Printed by \`npx tsx bench/calibration/attacks.ts --series ${series} --seeds ${seeds}\`. Growth is in margins: 256 B per upload, or 0.05 things; U is what the margin allows in a round of 100 uploads. Bytes have independent noise with a standard deviation of 0.2 to 4 U on top, where the family does not bring its own. Each series is one of ten resources and is judged as a hunt does, at each look until one decides; a leak of what drains must outlive the rest after the uploads. An interval holds the true growth where it meets what is left in the end; of what is never quite done, also where it meets what the later half of the run added.

## Reaches

${attackReachTable(reached)}

## Verdicts

${outcomeTable(outcomes)}

## What cannot be known

${notesOf(outcomes)}
`;
console.log(text);
if (flags.json) writeFileSync(flags.json, JSON.stringify({ series, seeds, reached, outcomes }, null, 2));
if (flags.write) writeFileSync(new URL('ATTACKS.md', import.meta.url), text);
