import type { ChalkInstance } from 'chalk';
import { resources } from '../../probes/resources.js';
import { type Hunt, type ResourceRecord, type ScenarioRecord, scenariosOf } from '../../record/record.js';
import { estimateOf, intervalOf } from '../text/cells.js';
import { churnSitesInWords } from '../text/culprits.js';
import { answerInWords, loadInWords, speedInWords } from '../text/load.js';
import { byMovement } from '../text/movement.js';
import { plain } from '../text/plain.js';
import { type Row, wordRows } from '../text/rows.js';
import { sweepInWords } from '../text/sweep.js';
import { processInWords } from '../text/target.js';
import { closingSentence } from '../text/verdict.js';
import {
  churnInWords,
  forecastInWords,
  idleInWords,
  leading,
  peakInWords,
  suspectsInWords,
} from '../text/wording.js';
import { chart } from './chart.js';
import { cut } from './columns.js';
import { culpritSections } from './culprits.js';
import { labelled, plainTable, type TerminalOptions, wrap } from './layout.js';
import { roundsTable } from './rounds.js';

/**
 * The report for a person at a terminal: what was measured, each scenario's table and culprits, the verdict.
 */
export function terminal(hunt: Hunt, { width, unicode, colour, verbose }: TerminalOptions): string {
  const look = { columns: Math.min(width, 110), unicode, colour, verbose };
  const parts = scenariosOf(hunt);
  const sections = [
    measured(hunt, look.columns, colour),
    ...parts.flatMap(part => [...(parts.length > 1 ? [headline(part, look)] : []), ...found(part, look)]),
    closing(hunt, look.columns, colour),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

type Look = { columns: number; unicode: boolean; colour: ChalkInstance; verbose?: boolean };

/** The results of one scenario: the leading resource's chart, the table, the culprits, and observations. */
function found(part: ScenarioRecord, look: Look): string[] {
  const { columns, colour } = look;
  // A hunt that was broken off before it began has an empty table: its one sentence says it all.
  if (part.error && part.resources.every(({ reason }) => reason === 'too-few-rounds'))
    return notes(part, look);
  const first = leading(part);
  return [
    ...(first && first.points.length > 2 && first.reason !== 'constant' ? plot(first, look) : []),
    ...(part.resources.length > 0 ? [table(part, colour, columns)] : []),
    ...(look.verbose ? [roundsTable(part, columns, colour)] : []),
    ...culpritSections(part, columns, colour),
    beside(part, columns, colour),
  ];
}

/** Separates a scenario's part of the report from the one before it. */
function headline(part: ScenarioRecord, { columns, colour }: Look): string {
  const paint = part.error ? colour.yellow : colour[colourOf[part.verdict]];
  return [
    `${colour.bold(plain(part.scenario))}  ${paint.bold(part.error ? 'not measured' : part.verdict)}`,
    ...labelled([['Load', loadInWords(part.load)], ...answerRow(part.load, columns)], columns, colour),
  ].join('\n');
}

function measured(hunt: Hunt, columns: number, colour: ChalkInstance): string {
  const { target, load, leakhunt } = hunt;
  const rows: [string, string][] = [
    ['Target', [target.url, processInWords(target)].filter(Boolean).map(plain).join(', ')],
    [
      'Read',
      target.probes
        .map(({ source, endpoint, lost }) => `${source} ${plain(endpoint)}${lost ? ' (lost)' : ''}`)
        .join('; '),
    ],
    ...(hunt.scenarios ? [] : [['Load', loadInWords(load)] as [string, string], ...answerRow(load, columns)]),
    ...(load.completed > 0 && !hunt.scenarios ? [['Speed', speedInWords(hunt)] as [string, string]] : []),
  ];
  return [colour.bold(`leakhunt ${plain(leakhunt.version)}`), ...labelled(rows, columns, colour)].join('\n');
}

/** One line, whatever the server said. */
function answerRow(load: ScenarioRecord['load'], columns: number): [string, string][] {
  const words = answerInWords(load);
  if (words === undefined) return [];
  const line = plain(words).replace(/\s+/g, ' ');
  const room = columns - 'Response '.length;
  return [['Response', cut(line, room) === line ? line : `${cut(line, room - 1)}…`]];
}

/** Columns; on a narrower screen, a chart and its legend would be broken anywhere. */
const narrowestChart = 60;

function plot(resource: ResourceRecord, { columns, unicode, colour }: Look): string[] {
  if (columns < narrowestChart) return [];
  const lines = chart(resource, { width: columns, height: 10, unicode });
  return [[colour.bold(`${resources[resource.name].title} against uploads`), ...lines].join('\n')];
}

const colourOf: Record<ResourceRecord['verdict'], 'red' | 'green' | 'yellow'> = {
  leak: 'red',
  flat: 'green',
  inconclusive: 'yellow',
  suspect: 'yellow',
};

/** Resources that moved, a row each; resources with the same explanation share a line. */
export function table(hunt: ScenarioRecord, colour: ChalkInstance, columns: number): string {
  const { moved, still } = byMovement(hunt.resources);
  const rows = wordRows(hunt).filter(({ resource }) => moved.includes(resource));
  const rest = still.flatMap(({ title, resources: all }) => {
    const names = all.map(({ name }) => resources[name].title).join(', ');
    return wrap(`${title}: ${names}`, columns).map(line =>
      line.replace(`${title}:`, label => colour.dim(label)),
    );
  });
  return [...(rows.length > 0 ? [tableOf(rows, colour, columns)] : []), ...rest].join('\n');
}

const intervalColumn = 2;
const whyColumn = 4;
const sourceColumn = 5;

/**
 * The full reasons if there is room; otherwise the short ones, and the least important columns are dropped.
 */
function tableOf(shown: Row[], colour: ChalkInstance, columns: number): string {
  const wide = columns >= 100;
  const head = ['resource', 'per upload', 'interval', 'verdict', 'why', 'read by'];
  const rows = shown.map(({ resource, short, long }) => [
    resources[resource.name].title,
    estimateOf(resource),
    intervalOf(resource),
    colour[colourOf[resource.verdict]](resource.verdict),
    wide ? long : short,
    resource.source,
  ]);
  const drops = wide ? [] : [sourceColumn, intervalColumn];
  return plainTable({ head, rows, columns, colour, right: [1], wraps: whyColumn, drops });
}

function notes({ warnings }: ScenarioRecord, { columns, colour }: Look): string[] {
  const rows = warnings.map((warning): [string, string] => ['Note', plain(warning)]);
  return [labelled(rows, columns, colour).join('\n')];
}

/** Churn, peak and growth without uploads: observations that are not a verdict. */
function beside(hunt: ScenarioRecord, columns: number, colour: ChalkInstance): string {
  const churn = churnInWords(hunt);
  const allocates = churn && churnSitesInWords(hunt);
  const peak = peakInWords(hunt);
  const idle = hunt.resources.flatMap(each => idleInWords(each) ?? []);
  const suspects = suspectsInWords(hunt);
  const forecast = forecastInWords(hunt);
  const rows: [string, string][] = [
    ...(churn ? [['Churn', churn] as [string, string]] : []),
    ...(allocates ? [['', allocates] as [string, string]] : []),
    ...(peak ? [['Peak', peak] as [string, string]] : []),
    ...(idle.length > 0 ? [['Idle', `${idle.join('; ')} (subtracted above)`] as [string, string]] : []),
    ...suspects.map((suspect): [string, string] => ['Suspect', suspect]),
    ...(hunt.sweep ?? []).map((each): [string, string] => [
      'Sizes',
      `${resources[each.resource].title}: ${sweepInWords(each)}`,
    ]),
    ...(forecast ? [['Forecast', forecast] as [string, string]] : []),
    ...hunt.warnings.map((warning): [string, string] => ['Note', plain(warning)]),
  ];
  return labelled(rows, columns, colour).join('\n');
}

function closing(hunt: Hunt, columns: number, colour: ChalkInstance): string {
  const paint = hunt.error ? colour.yellow : colour[colourOf[hunt.verdict]];
  return wrap(plain(closingSentence(hunt)), columns)
    .map(line => paint.bold(line))
    .join('\n');
}
