import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { cellsOf, leaks } from './cells.js';
import { check, criteria } from './criteria.js';
import { slow } from './families.js';
import { falseAlarms } from './hunts.js';
import { measure } from './measure.js';
import { measureAll } from './pool.js';
import { patient, patientUploads, rules } from './rules.js';
import { coverageTable, percent, reachTable, ruleTable, verdictTable } from './tables.js';

/** Whole hunts that may report a leak although none of their ten resources has one. */
const falseAlarmLimit = 0.01;

const { values: flags } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    series: { type: 'string' },
    threads: { type: 'string', default: String(availableParallelism()) },
  },
});
const series = Number(flags.series ?? (flags.short ? 60 : 2000));
const cells = cellsOf(flags.short ? [0, 2, 6] : leaks);
const ruleNames = flags.short ? ['leakhunt'] : Object.keys(rules);

const tasks = ruleNames.flatMap(rule => cells.map(cell => ({ rule, cell, series })));
const outcomes = await measureAll(tasks, Number(flags.threads));
const byRule = new Map(
  ruleNames.map((rule, i) => [rule, outcomes.slice(i * cells.length, (i + 1) * cells.length)]),
);
const own = byRule.get('leakhunt')!;
const reached = criteria.flatMap(reach => check(reach, own));
const slowCells = cells.filter(({ family, leak }) => slow.includes(family) && leak === 0);
const hunts = flags.short ? 200 : series;
const alarms = falseAlarms(hunts);

const print = (title: string, text: string) => console.log(`## ${title}\n\n${text}\n`);
console.log(`# Calibration: ${series} series per cell, ${hunts} hunts\n`);
print('Verdicts: leak / flat / inconclusive in % (mean rounds)', verdictTable(own));
print('Intervals that hold the true growth', coverageTable(own));
if (!flags.short) print('Other rules: flat series called a leak / leaks of 6 found', ruleTable(byRule));
print('Reaches', reachTable(reached));
print(
  `Slow to fill, judged with minUploads ${patientUploads}`,
  verdictTable(slowCells.map(cell => measure(cell, series, patient))),
);
print('Whole hunts', `${percent(alarms)} of hunts with ten flat resources report a leak.`);

const broken = reached.filter(each => each.broken);
for (const { claim, group, share, held } of broken) {
  console.log(`Broken: ${claim}: ${group} ${percent(share)}, held to ${percent(held)}`);
}
const tooMany = alarms > falseAlarmLimit + 3 * Math.sqrt(falseAlarmLimit / hunts);
if (tooMany) console.log(`Broken: ${percent(alarms)} false alarms, held to ${percent(falseAlarmLimit)}`);
process.exitCode = broken.length > 0 || tooMany ? 1 : 0;
