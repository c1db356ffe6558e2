import { stripVTControlCharacters } from 'node:util';
import type { ChalkInstance } from 'chalk';
import wrapAnsi from 'wrap-ansi';
import { columnsOf, cut, padEnd, padStart } from './columns.js';

export interface TerminalOptions {
  /** Columns. */
  width: number;
  unicode: boolean;
  colour: ChalkInstance;
  /** Whether every round is shown. */
  verbose?: boolean;
}

/** Columns between two columns of a table. */
const gap = 2;

export interface TableOptions {
  head: string[];
  rows: string[][];
  columns: number;
  colour: ChalkInstance;
  /** The indices of columns that are aligned to the right. */
  right?: number[];
  /** The column that is wrapped if the table is too wide. */
  wraps?: number | undefined;
  /** Columns that are left out, in this order, until no other one has to be wrapped. */
  drops?: number[];
}

/**
 * A table without lines, as wide as its content and no wider than the screen; a list if the screen is too
 * narrow for one.
 */
export function plainTable(options: TableOptions): string {
  const { head, rows, columns, colour, right = [], wraps, drops = [] } = options;
  const widths = head.map((title, i) =>
    Math.max(...[title, ...rows.map(row => row[i]!)].map(cell => columnsOf(cell))),
  );
  const [dropped] = drops;
  if (dropped !== undefined && widthOf(widths) > columns) return plainTable(without(dropped, options));
  if (wraps !== undefined) {
    const others = widthOf(widths) - widths[wraps]!;
    widths[wraps] = Math.min(widths[wraps]!, Math.max(leastWrapped, columns - others));
  }
  if (widthOf(widths) > columns) return listOf(options);
  return [head.map(title => colour.dim(title)), ...rows].flatMap(lined).join('\n');

  /** The lines of a row: as many as in its longest cell. */
  function lined(cells: string[]): string[] {
    const wrapped = cells.map((cell, i) =>
      i === wraps ? wrap(broken(cell, widths[i]!), widths[i]!) : cell.split('\n'),
    );
    const height = Math.max(...wrapped.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) => {
      const padded = wrapped.map((lines, i) =>
        (right.includes(i) ? padStart : padEnd)(lines[line] ?? '', widths[i]!),
      );
      return padded.join(' '.repeat(gap)).trimEnd();
    });
  }
}

/** The least width of a wrapped column. */
const leastWrapped = 16;

function widthOf(columns: number[]): number {
  return columns.reduce((sum, width) => sum + width, 0) + gap * (columns.length - 1);
}

/**
 * Row by row, each cell but the first after the title of its column: a terminal would break the lines
 * anywhere.
 */
function listOf({ head, rows, columns, colour }: TableOptions): string {
  const lineOf = (title: string, cell: string) => {
    const plain = `${title} ${stripVTControlCharacters(cell)}`;
    return columnsOf(plain) <= columns - 2 ? [`${colour.dim(title)} ${cell}`] : wrap(plain, columns - 2);
  };
  return rows
    .flatMap(([first = '', ...cells]) => [
      ...wrap(first, columns),
      ...cells.flatMap((cell, i) => (cell === '' ? [] : lineOf(head[i + 1]!, cell).map(line => `  ${line}`))),
    ])
    .join('\n');
}

function without(
  column: number,
  { head, rows, right = [], wraps, drops = [], ...rest }: TableOptions,
): TableOptions {
  const moved = (index: number) => (index > column ? index - 1 : index);
  const cut = (cells: string[]) => cells.toSpliced(column, 1);
  return {
    ...rest,
    head: cut(head),
    rows: rows.map(cut),
    right: right.filter(index => index !== column).map(moved),
    wraps: wraps === undefined ? undefined : moved(wraps),
    drops: drops.slice(1).map(moved),
  };
}

/** Breaks words that are wider than a column, after a punctuation mark if there is one. */
function broken(text: string, columns: number): string {
  return text.replace(/\S+/g, word => {
    const lines: string[] = [];
    for (let rest = word; rest !== ''; ) {
      const line = cut(rest, columns);
      const sign = line === rest ? line : /^.*[./$:,]/s.exec(line)?.[0];
      lines.push(sign && columnsOf(sign) > columns / 2 ? sign : line);
      rest = rest.slice(lines.at(-1)!.length);
    }
    return lines.join('\n');
  });
}

/** Labels in front of their texts, which are wrapped beside them; a repeated label is shown once. */
export function labelled(
  rows: [string, string][],
  columns: number,
  colour: ChalkInstance,
  indent = 9,
): string[] {
  return rows.flatMap(([label, text]) =>
    wrap(text, columns - indent).map(
      (line, i) => `${colour.dim(padEnd(i === 0 ? label : '', indent))}${line}`,
    ),
  );
}

/** The time to measure a word grows with the square of its length; a longer one is broken anywhere. */
const longestWord = 400;

/** Breaks at spaces and tabs; a word wider than a line gets its own line. Existing line ends stay. */
export function wrap(text: string, columns: number): string[] {
  const measurable = text.replaceAll('\t', ' ').replace(/\S+/g, inParts);
  return wrapAnsi(measurable, columns).split('\n');
}

function inParts(word: string): string {
  return word.length <= longestWord ? word : word.match(/.{1,400}/gsu)!.join('\n');
}
