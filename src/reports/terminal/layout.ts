import type { ChalkInstance } from 'chalk';
import Table from 'cli-table3';

export interface TerminalOptions {
  /** Columns. */
  width: number;
  unicode: boolean;
  colour: ChalkInstance;
  /** Whether every round is shown. */
  verbose?: boolean;
}

const noBorder = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid', 'middle'].flatMap(side =>
    ['', '-mid', '-left', '-right'].map(corner => [`${side}${corner}`, '']),
  ),
);

function visible(text: string): string {
  return text.replace(/\u001b\[[\d;]*m/g, '');
}

export interface TableOptions {
  head: string[];
  rows: string[][];
  columns: number;
  colour: ChalkInstance;
  /** Columns that are set flush right, by their index. */
  right?: number[];
  /** The column that is wrapped where the table is too wide. */
  wraps?: number | undefined;
  /** Columns that are left out, in this order, until no other one has to be wrapped. */
  drops?: number[];
}

/** A table without lines, as wide as its content and no wider than the screen; a list where the screen has no room for one. */
export function plainTable(options: TableOptions): string {
  const { head, rows, columns, colour, right = [], wraps, drops = [] } = options;
  // The last column's distance to a next one may stand beyond the edge.
  const room = columns + 2;
  const widths = head.map(
    (title, i) => 2 + Math.max(title.length, ...rows.map(row => visible(row[i]!).length)),
  );
  const [dropped] = drops;
  if (dropped !== undefined && widths.reduce((sum, width) => sum + width, 0) > room) {
    return plainTable(without(dropped, options));
  }
  if (wraps !== undefined) {
    const others = widths.reduce((sum, width, i) => sum + (i === wraps ? 0 : width), 0);
    widths[wraps] = Math.min(widths[wraps]!, Math.max(18, room - others));
  }
  if (widths.reduce((sum, width) => sum + width, 0) > room) return listOf(options);
  const made = new Table({
    head: head.map(title => colour.dim(title)),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: noBorder,
    colAligns: head.map((_, i) => (right.includes(i) ? 'right' : 'left')),
    colWidths: widths,
    wordWrap: true,
  });
  made.push(...rows.map(row => row.map((cell, i) => (i === wraps ? broken(cell, widths[i]! - 2) : cell))));
  const lines = made.toString().split('\n');
  return lines.map(line => line.trimEnd()).join('\n');
}

/** Row by row, each cell but the first behind the title of its column: a terminal would break the lines anywhere. */
function listOf({ head, rows, columns, colour }: TableOptions): string {
  const lineOf = (title: string, cell: string) => {
    const plain = `${title} ${visible(cell)}`;
    return plain.length <= columns - 2 ? [`${colour.dim(title)} ${cell}`] : wrap(plain, columns - 2);
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

/** Breaks words that are longer than a column, after a sign where there is one: a cell would cut them off. */
function broken(text: string, columns: number): string {
  return text.replace(/\S+/g, word => {
    const lines: string[] = [];
    for (let rest = word; rest !== ''; ) {
      const line = rest.slice(0, columns);
      const sign = rest.length > columns ? /^.*[./$:,]/s.exec(line)?.[0] : line;
      lines.push(sign && sign.length > columns / 2 ? sign : line);
      rest = rest.slice(lines.at(-1)!.length);
    }
    return lines.join('\n');
  });
}

/** Labels in front of their texts, which are wrapped behind them; a repeated label stands once. */
export function labelled(
  rows: [string, string][],
  columns: number,
  colour: ChalkInstance,
  indent = 9,
): string[] {
  return rows.flatMap(([label, text]) =>
    wrap(text, columns - indent).map(
      (line, i) => `${colour.dim((i === 0 ? label : '').padEnd(indent))}${line}`,
    ),
  );
}

/** Breaks at spaces; a word longer than a line stands alone. Lines that are there already stay. */
export function wrap(text: string, columns: number): string[] {
  return text.split('\n').flatMap(paragraph => {
    const lines = [''];
    for (const word of paragraph.split(' ')) {
      const line = lines.at(-1)!;
      if (line !== '' && line.length + 1 + word.length > columns) lines.push(word);
      else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
    }
    return lines;
  });
}
