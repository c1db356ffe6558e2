import type { Hunt } from '../record/record.js';
import { formatSeconds, formatWhole } from '../units.js';
import { plainTable, type TerminalOptions } from './terminal/layout.js';
import { plain } from './text/plain.js';
import { verdictWord } from './text/self-usage.js';
import { closingSentence } from './text/verdict.js';

/** The outcome of one of several hunts: its record, or why there is none. */
export interface SummaryRow {
  name: string;
  exitCode: number;
  hunt?: Hunt;
  error?: string;
}

/** Several hunts at a glance, a row each; `count` is how many were planned. */
export function summary(rows: SummaryRow[], count: number, { width, colour }: TerminalOptions): string {
  const cells = rows.map(({ name, exitCode, hunt, error }) => [
    name,
    paint(exitCode)(hunt ? verdictWord(hunt) : 'not measured'),
    hunt ? formatWhole(hunt.load.completed) : '-',
    hunt ? formatSeconds(hunt.leakhunt.seconds) : '-',
    plain(error ?? (hunt ? closingSentence(hunt) : '')).replaceAll('\n', ' '),
  ]);
  const head = ['hunt', 'verdict', 'uploads', 'time', 'why'];
  const table = plainTable({
    head,
    rows: cells,
    columns: Math.min(width, 110),
    colour,
    right: [2, 3],
    wraps: 4,
  });
  const left = count - rows.length;
  return `${table}\n${left > 0 ? `\nInterrupted: ${left} more ${left === 1 ? 'was' : 'were'} not started.\n` : ''}`;

  function paint(exitCode: number) {
    if (exitCode === 0) return colour.green;
    return exitCode === 1 ? colour.red : colour.yellow;
  }
}
