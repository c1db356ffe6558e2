import type { ChalkInstance } from 'chalk';
import type { Hunt, ResourceRecord } from '../hunt/record.js';
import { resources } from '../probes/resources.js';
import { formatBytes, formatCount, formatRange, formatSeconds, formatValue, formatWhole } from '../units.js';
import { chart } from './chart.js';
import { labelled, plainTable, type TerminalOptions, wrap } from './layout.js';
import { plain } from './plain.js';
import {
  churnInWords,
  closingSentence,
  forecastInWords,
  idleInWords,
  leading,
  peakInWords,
  reasonInWords,
  runtimeTitles,
  suspectInWords,
  wholeNumber,
} from './wording.js';

/** The report for a person at a terminal: what was measured, the leading resource, the table, the verdict. */
export function terminal(hunt: Hunt, { width, unicode, colour }: TerminalOptions): string {
  const columns = Math.min(width, 110);
  const first = leading(hunt);
  const sections = [
    measured(hunt, columns, colour),
    ...(first && first.points.length > 2 ? [plot(first, { columns, unicode, colour })] : []),
    ...(hunt.resources.length > 0 ? [table(hunt, colour, columns)] : []),
    beside(hunt, columns, colour),
    closing(hunt, columns, colour),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

function measured(hunt: Hunt, columns: number, colour: ChalkInstance): string {
  const { target, load, leakhunt } = hunt;
  const runtime = target.runtime && runtimeTitles[target.runtime];
  const process = target.pid === undefined ? undefined : `process ${target.pid}`;
  const rows: [string, string][] = [
    ['Target', [plain(target.url), runtime, process].filter(Boolean).join(', ')],
    [
      'Read',
      target.probes
        .map(({ source, endpoint, lost }) => `${source} ${plain(endpoint)}${lost ? ' (lost)' : ''}`)
        .join('; '),
    ],
    [
      'Load',
      `${formatWhole(load.completed)} uploads of ${formatBytes(load.bodyBytes)} in ${load.warmUpRounds} + ${load.rounds} rounds of ` +
        `${load.uploadsPerRound}, ${load.concurrency} at a time; ${answers(load)}`,
    ],
    ...(load.completed > 0 ? [['Speed', speedInWords(hunt)] as [string, string]] : []),
  ];
  return [colour.bold(`leakhunt ${leakhunt.version}`), ...labelled(rows, columns, colour)].join('\n');
}

function speedInWords({ load, leakhunt }: Hunt): string {
  const { p50, p99 } = load.latencyMs;
  return (
    `${formatCount(load.completed / load.seconds)} uploads/s, ${formatSeconds(leakhunt.seconds)} in all, ` +
    `${formatSeconds(load.seconds)} of it uploading; latency p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`
  );
}

function answers({ statuses, errors, sent, completed }: Hunt['load']): string {
  const answered = Object.entries(statuses).map(
    ([status, count]) => `${formatWhole(count)} answered ${status}`,
  );
  const failed = Object.entries(errors).map(([code, count]) => `${formatWhole(count)} ${code}`);
  const only = Object.keys(statuses);
  if (only.length === 1 && sent === completed) return `all answered ${only[0]}`;
  return [...answered, ...failed].join(', ') || 'none answered';
}

function plot(
  resource: ResourceRecord,
  { columns, unicode, colour }: { columns: number; unicode: boolean; colour: ChalkInstance },
): string {
  const lines = chart(resource, { width: columns, height: 10, unicode });
  return [colour.bold(`${resources[resource.name].title} against uploads`), ...lines].join('\n');
}

const colourOf: Record<ResourceRecord['verdict'], 'red' | 'green' | 'yellow'> = {
  leak: 'red',
  flat: 'green',
  inconclusive: 'yellow',
  suspect: 'yellow',
};

/** Resources that moved, a row each; those that never changed share a line. */
function table(hunt: Hunt, colour: ChalkInstance, columns: number): string {
  const still = hunt.resources.filter(({ reason }) => reason === 'constant');
  const moved = hunt.resources.filter(({ reason }) => reason !== 'constant');
  const names = still.map(({ name }) => resources[name].title).join(', ');
  const rest = still.length > 0 ? labelled([['Never changed:', names]], columns, colour, 15) : [];
  return [...(moved.length > 0 ? [tableOf(moved, colour, columns)] : []), ...rest].join('\n');
}

const whyColumn = 4;

function tableOf(shown: ResourceRecord[], colour: ChalkInstance, columns: number): string {
  const wide = columns >= 100;
  const head = ['resource', 'per upload', 'interval', 'verdict', 'why', ...(wide ? ['read by'] : [])];
  const rows = shown.map(resource => [
    resources[resource.name].title,
    estimateOf(resource),
    intervalOf(resource),
    colour[colourOf[resource.verdict]](resource.verdict),
    whyOf(resource),
    ...(wide ? [resource.source] : []),
  ]);
  return plainTable({ head, rows, columns, colour, right: [1], wraps: whyColumn });
}

function intervalOf({ perUpload, unit }: ResourceRecord): string {
  return formatRange(perUpload.low, perUpload.high, unit);
}

function estimateOf({ perUpload, unit }: ResourceRecord): string {
  const whole = unit === 'count' ? wholeNumber(perUpload) : undefined;
  const sign = perUpload.estimate > 0 ? '+' : '';
  const text = whole === undefined ? formatValue(perUpload.estimate, unit) : whole.toFixed(2);
  return `${text === '0' || text === '0 B' ? '' : sign}${text}`;
}

/** Why, as short as a column wants it: what was proved, and the way out only where the verdict waits for it. */
function whyOf(resource: ResourceRecord): string {
  const { verdict, reason, perUpload, unit, decisive } = resource;
  if (verdict === 'flat' && reason !== 'filled') {
    const most = formatValue(perUpload.high, unit);
    return perUpload.high <= 0 || /^0( B)?$/.test(most) ? 'did not grow' : `less than ${most}`;
  }
  return reasonInWords(decisive ? resource : { ...resource, moreUploads: undefined });
}

/** Churn, peak and growth without uploads: what is seen but is no verdict. */
function beside(hunt: Hunt, columns: number, colour: ChalkInstance): string {
  const churn = churnInWords(hunt);
  const peak = peakInWords(hunt);
  const idle = hunt.resources.flatMap(each => idleInWords(each) ?? []);
  const suspects = hunt.resources.flatMap(each => suspectInWords(each) ?? []);
  const forecast = forecastInWords(hunt);
  const rows: [string, string][] = [
    ...(churn ? [['Churn', churn] as [string, string]] : []),
    ...(peak ? [['Peak', peak] as [string, string]] : []),
    ...(idle.length > 0 ? [['Idle', `${idle.join('; ')} (taken out above)`] as [string, string]] : []),
    ...suspects.map((suspect): [string, string] => ['Suspect', suspect]),
    ...(forecast ? [['Ahead', forecast] as [string, string]] : []),
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
