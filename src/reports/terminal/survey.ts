import { adviceOn, sources } from '../../probes/catalogue.js';
import { isHeap } from '../../probes/resource-questions.js';
import { resources } from '../../probes/resources.js';
import type { Survey, SurveyedResource } from '../../record/survey.js';
import { formatReading, formatSeconds, formatValue } from '../../units.js';
import { plain } from '../text/plain.js';
import { processInWords } from '../text/target.js';
import { labelled, plainTable, type TerminalOptions } from './layout.js';

/** Columns of the labels above the table and below it. */
const above = 'Unavailable  '.length;
const below = 'Verdict rests on  '.length;

/** What `leakhunt probe` shows: what was found, one reading, the noise, and how to measure better. */
export function surveyReport(survey: Survey, { width, colour }: TerminalOptions): string {
  const columns = Math.min(width, 110);
  const target = [survey.target.url, processInWords(survey.target)].filter(Boolean).map(plain).join(', ');
  const seconds = `discovery took ${formatSeconds(survey.discoverySeconds)}, a reading takes ${formatSeconds(survey.readingSeconds)}`;
  const rows: [string, string][] = [
    ['Target', target],
    ...survey.probes.map(({ source, endpoint }): [string, string] => [
      'Found',
      `${source}: ${plain(endpoint)}`,
    ]),
    ...survey.missing.map(({ source, why }): [string, string] => ['Unavailable', `${source}: ${plain(why)}`]),
    ['Cost', seconds],
  ];
  const lead = survey.resources[0];
  const advice = adviceFor(survey);
  const closing: [string, string][] = [
    ...(lead
      ? [['Verdict rests on', `${resources[lead.name].title}, read by ${lead.source}`] as [string, string]]
      : []),
    ...advice.map((each): [string, string] => ['Tip', each]),
  ];
  return `${[
    labelled(rows, columns, colour, above).join('\n'),
    readingTable(survey.resources, columns, colour),
    labelled(closing, columns, colour, below).join('\n'),
  ].join('\n\n')}\n`;
}

function readingTable(rows: SurveyedResource[], columns: number, colour: TerminalOptions['colour']): string {
  const cells = rows.map(({ name, source, value, noise, margin }) => {
    const { title, unit } = resources[name];
    return [
      title,
      formatReading(value, unit),
      formatReading(noise, unit),
      `${formatValue(margin, unit)} per upload`,
      source,
    ];
  });
  const head = ['resource', 'now', 'noise (5 readings)', 'flat below', 'read by'];
  return plainTable({ head, rows: cells, columns, colour, right: [1, 2, 3] });
}

/** What would make the next hunt surer, as the runtime and its sources allow. */
export function adviceFor({ target, probes, missing, doubts, resources }: Survey): string[] {
  const advice: string[] = missing.flatMap(({ source, another }) =>
    another
      ? `if the target serves its own ${source}, name its address (--probe ${source}=HOST:PORT): the one that was found belongs to another process`
      : [],
  );
  advice.push(...doubts.map(plain));
  for (const [name, source] of Object.entries(sources)) {
    const todo = adviceOn(source, target)?.todo;
    if (todo && !probes.some(probe => probe.source === name)) advice.push(todo);
  }
  if (target.pid === undefined) {
    advice.push('run leakhunt on the machine of the target to count its files, sockets and threads');
  }
  const heap = resources.some(({ name }) => isHeap(name));
  const refused = missing.find(
    ({ source }) => target.runtime && sources[source]?.advice?.[target.runtime]?.otherwise,
  );
  if (refused) {
    advice.push(
      `${refused.source} would collect garbage and read the heap exactly, but ${plain(refused.why)}`,
    );
  } else if (heap && !probes.some(({ source }) => sources[source]?.collects)) {
    advice.push('no source here can force a garbage collection, so the heap is noisy: expect more rounds');
  }
  if (advice.length > 0) return advice;
  return [
    heap
      ? 'none needed: the heap is read exactly, and the process is visible'
      : 'none that leakhunt knows of: the process is visible',
  ];
}
