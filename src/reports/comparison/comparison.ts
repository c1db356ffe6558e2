import type { ChalkInstance } from 'chalk';
import type {
  Comparison,
  ComparisonOutcome,
  ResourceComparison,
  ScenarioComparison,
  SideRecord,
} from '../../compare/comparison.js';
import { resources } from '../../probes/resources.js';
import { formatBytes, formatRange, formatValue, formatWhole } from '../../units.js';
import { labelled, plainTable, type TerminalOptions, wrap } from '../terminal/layout.js';
import { estimateOf } from '../text/cells.js';
import { comparisonSentence, outcomeWords, tradesInWords } from '../text/comparison.js';
import { plain } from '../text/plain.js';
import { runtimeTitles } from '../text/wording.js';

/** Two hunts side by side, for a person at a terminal. */
export function comparisonText(comparison: Comparison, { width, colour }: TerminalOptions): string {
  const columns = Math.min(width, 110);
  const { scenarios, leakhunt } = comparison;
  const sections = [
    [colour.bold(`leakhunt ${leakhunt.version}`), ...sides(comparison, columns, colour)].join('\n'),
    ...scenarios.flatMap(part => [
      ...(scenarios.length > 1 ? [headline(part, colour)] : []),
      table(part, columns, colour),
      labelled(tradesInWords(part.trades).map(once), columns, colour).join('\n'),
    ]),
    wrap(plain(comparisonSentence(comparison)), columns)
      .map(line => colour[colourOf[comparison.outcome]].bold(line))
      .join('\n'),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

const colourOf: Record<ComparisonOutcome, 'red' | 'green' | 'yellow'> = {
  regression: 'red',
  improvement: 'green',
  same: 'green',
  'no-worse': 'green',
  'not-told-apart': 'yellow',
  'not-measured': 'yellow',
};

/** A label that repeats the one above it is left out. */
function once([label, text]: [string, string], i: number, rows: [string, string][]): [string, string] {
  return [rows[i - 1]?.[0] === label ? '' : label, text];
}

function sides({ before, after, differences }: Comparison, columns: number, colour: ChalkInstance): string[] {
  const rows: [string, string][] = [
    ['Before', sideInWords(before)],
    ['After', sideInWords(after)],
    ...differences.map((each): [string, string] => ['Note', plain(each)]),
  ];
  return labelled(rows, columns, colour);
}

/** What was measured on one side. */
export function sideInWords({
  name,
  url,
  runtime,
  completed,
  bodyBytes,
  concurrency,
  startedAt,
}: SideRecord): string {
  const target = name === url ? [] : [plain(url)];
  const times = startedAt.length > 1 ? `, in ${startedAt.length} hunts` : '';
  const load = `${formatWhole(completed)} uploads of ${formatBytes(bodyBytes)}, ${concurrency} at a time${times}`;
  return [plain(name), ...target, ...(runtime ? [runtimeTitles[runtime]] : []), load].join('; ');
}

function headline({ scenario, outcome }: ScenarioComparison, colour: ChalkInstance): string {
  return `${colour.bold(plain(scenario))}  ${colour[colourOf[outcome]].bold(outcomeWords[outcome])}`;
}

/** Whether a resource never changed on either side, for long enough. */
export function isStill({ before, after, outcome }: ResourceComparison): boolean {
  return outcome === 'same' && before.reason === 'constant' && after.reason === 'constant';
}

function table({ resources: all }: ScenarioComparison, columns: number, colour: ChalkInstance): string {
  const still = all.filter(isStill).map(({ name }) => resources[name].title);
  const rows = all.filter(each => !isStill(each)).map(each => rowOf(each, colour));
  return [
    ...(rows.length > 0
      ? [
          plainTable({
            head: ['per upload', 'before', 'after', 'difference', 'interval', ''],
            rows,
            columns,
            colour,
            right: [1, 2, 3],
            wraps: 0,
          }),
        ]
      : []),
    ...(rows.some(row => row.at(-1)!.includes('*'))
      ? [colour.dim('* not decisive: allocators keep pages, and the heap itself was read')]
      : []),
    ...(still.length > 0
      ? wrap(`Unchanged: ${still.join(', ')}`, columns).map(line => colour.dim(line))
      : []),
  ].join('\n');
}

function rowOf(each: ResourceComparison, colour: ChalkInstance): string[] {
  const { name, outcome, decisive } = each;
  const word = outcomeWords[outcome];
  return [
    resources[name].title,
    ...cellsOf(each),
    decisive ? colour[colourOf[outcome]](word) : colour.dim(`${word}*`),
  ];
}

/** Growth before and after, the difference and its interval. */
export function cellsOf({ before, after, difference, unit }: ResourceComparison): string[] {
  const { estimate, low, high } = difference;
  const text = formatValue(estimate, unit);
  return [
    estimateOf({ ...before, unit }),
    estimateOf({ ...after, unit }),
    `${estimate > 0 && !/^0( B)?$/.test(text) ? '+' : ''}${text}`,
    formatRange(low, high, unit),
  ];
}
