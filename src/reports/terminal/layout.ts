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
  wraps?: number;
}

/** A table without lines, as wide as its content and no wider than the screen. */
export function plainTable({ head, rows, columns, colour, right = [], wraps }: TableOptions): string {
  const widths = head.map(
    (title, i) => 2 + Math.max(title.length, ...rows.map(row => visible(row[i]!).length)),
  );
  if (wraps !== undefined) {
    const others = widths.reduce((sum, width, i) => sum + (i === wraps ? 0 : width), 0);
    widths[wraps] = Math.min(widths[wraps]!, Math.max(18, columns - others));
  }
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
