import { sources } from '../../probes/catalogue.js';
import { resources } from '../../probes/resources.js';
import type { Survey, SurveyedResource } from '../../record/survey.js';
import { formatReading, formatSeconds, formatValue } from '../../units.js';
import { plain } from '../text/plain.js';
import { processInWords } from '../text/target.js';
import { labelled, plainTable, type TerminalOptions } from './layout.js';

/** What `leakhunt probe` shows: what was found, one reading, the noise, and how to measure better. */
export function surveyReport(survey: Survey, { width, colour }: TerminalOptions): string {
  const columns = Math.min(width, 110);
  const target = [survey.target.url, processInWords(survey.target)].filter(Boolean).map(plain).join(', ');
  const seconds = `found in ${formatSeconds(survey.discoverySeconds)}, a reading takes ${formatSeconds(survey.readingSeconds)}`;
  const rows: [string, string][] = [
    ['Target', target],
    ...survey.probes.map(({ source, endpoint }): [string, string] => [
      'Found',
      `${source}: ${plain(endpoint)}`,
    ]),
    ...survey.missing.map(({ source, why }): [string, string] => ['Not', `${source}: ${plain(why)}`]),
    ['Cost', seconds],
  ];
  const lead = survey.resources[0];
  const advice = adviceFor(survey);
  const closing: [string, string][] = [
    ...(lead
      ? [
          ['Lead', `${resources[lead.name].title}, read by ${lead.source}, would lead the verdict`] as [
            string,
            string,
          ],
        ]
      : []),
    ...advice.map((each): [string, string] => ['Better', each]),
  ];
  return `${[
    labelled(rows, columns, colour).join('\n'),
    readingTable(survey.resources, columns, colour),
    labelled(closing, columns, colour).join('\n'),
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
  const head = ['resource', 'now', 'noise of 5 readings', 'called flat below', 'read by'];
  return plainTable({ head, rows: cells, columns, colour, right: [1, 2, 3] });
}

/** What would make the next hunt surer, as the runtime and its sources allow. */
function adviceFor({ target: { runtime, pid }, probes, missing, doubts }: Survey): string[] {
  const advice: string[] = missing.flatMap(({ source, another }) =>
    another
      ? `name the address of the target's own ${source} where it has one (--probe ${source}=HOST:PORT): what was found is another process's`
      : [],
  );
  advice.push(...doubts.map(plain));
  for (const [name, source] of Object.entries(sources)) {
    const todo = runtime && source.advice?.[runtime]?.todo;
    if (todo && !probes.some(probe => probe.source === name)) advice.push(todo);
  }
  if (pid === undefined) {
    advice.push('run leakhunt on the machine of the target, to count its files, sockets and threads');
  }
  const refused = missing.find(({ source }) => runtime && sources[source]?.advice?.[runtime]?.otherwise);
  if (refused) {
    advice.push(
      `${refused.source} would collect garbage and read the heap exactly, but ${plain(refused.why)}`,
    );
  } else if (!probes.some(({ source }) => sources[source]?.collects)) {
    advice.push('without a source that collects garbage the heap is noisy: expect to need more rounds');
  }
  return advice.length > 0 ? advice : ['nothing: the heap is read exactly, and the process is in sight'];
}
