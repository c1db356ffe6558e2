import type { ResourceRecord } from '../../record/record.js';
import { formatReading, formatWhole } from '../../units.js';
import { columnsOf, padStart } from './columns.js';

export interface ChartOptions {
  /** Columns, including the labels of the axis. */
  width: number;
  /** Rows of the plot itself. */
  height: number;
  unicode: boolean;
}

interface Marks {
  upload: string;
  warmUp: string;
  line: string;
  side: string;
  corner: string;
  floor: string;
}

const unicodeMarks: Marks = { upload: '●', warmUp: '○', line: '·', side: '┤', corner: '└', floor: '─' };
const asciiMarks: Marks = { upload: '*', warmUp: 'o', line: '.', side: '|', corner: '+', floor: '-' };

/**
 * A resource against the uploads completed, with its fitted line; lines of text, axes labelled with units.
 */
export function chart(resource: ResourceRecord, { width, height, unicode }: ChartOptions): string[] {
  const marks = unicode ? unicodeMarks : asciiMarks;
  const { points, unit } = resource;
  const uploads = points.map(each => each.uploads);
  const [bottom, top] = rangeOf(resource);
  const most = Math.max(1, ...uploads);

  const rows = Array.from(
    { length: height },
    (_, row) => bottom + ((top - bottom) * (height - 1 - row)) / (height - 1),
  );
  const labels = rows.map((value, row) =>
    row % 3 === 0 || row === height - 1 ? formatReading(value, unit) : '',
  );
  const gutter = Math.max(...labels.map(label => columnsOf(label))) + 3;
  const columns = Math.max(10, width - gutter - 1);
  const grid = rows.map(() => Array<string>(columns).fill(' '));

  const columnOf = (x: number) => Math.round((x / most) * (columns - 1));
  const put = (x: number, y: number, mark: string) => {
    const row = Math.round(((top - y) / (top - bottom)) * (height - 1));
    if (row >= 0 && row < height) grid[row]![columnOf(x)] = mark;
  };

  if (resource.line) {
    const { intercept, from } = resource.line;
    for (let column = columnOf(from); column < columns; column += 1) {
      const x = (column / (columns - 1)) * most;
      put(x, intercept + resource.perUpload.estimate * x, marks.line);
    }
  }
  for (const { uploads: x, value, round } of points) {
    put(x, value, round === 'start' || round === 'warm-up' ? marks.warmUp : marks.upload);
  }

  return [
    ...grid.map((row, i) => `${padStart(labels[i]!, gutter - 2)} ${marks.side}${row.join('')}`.trimEnd()),
    `${' '.repeat(gutter - 1)}${marks.corner}${marks.floor.repeat(columns)}`,
    axis(gutter, columns, most),
    `${' '.repeat(gutter)}${marks.upload} reading  ${marks.warmUp} before and during warm-up  ${marks.line} fitted line`,
  ];
}

function axis(gutter: number, columns: number, most: number): string {
  const right = `${formatWhole(most)} uploads`;
  const middle = formatWhole(most / 2);
  const half = Math.round(columns / 2 - columnsOf(middle) / 2);
  const left = `0${' '.repeat(Math.max(1, half - 1))}${middle}`;
  return `${' '.repeat(gutter)}${left}${padStart(right, Math.max(columnsOf(right) + 1, columns - columnsOf(left)))}`;
}

/**
 * Over the whole run, growth at the margin takes at most this share of the height: what is flat looks flat.
 */
const marginShare = 1 / 3;

/**
 * From the lowest to the highest reading; the one before any upload only counts if it is not far from the
 * rest.
 */
export function rangeOf({ points, margin }: Pick<ResourceRecord, 'points' | 'margin'>): [number, number] {
  const rest = points.filter(({ round }) => round !== 'start').map(({ value }) => value);
  const height = Math.max(...rest) - Math.min(...rest);
  const near = (value: number) =>
    Math.min(...rest) - value < height / 2 && value - Math.max(...rest) < height / 2;
  const values = [...rest, ...points.map(({ value }) => value).filter(near)];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const least = (margin * Math.max(...points.map(({ uploads }) => uploads))) / marginShare;
  const room = Math.max(0, least - (high - low)) / 2;
  const bottom = low >= 0 ? Math.max(0, low - room) : low - room;
  return [bottom, Math.max(high + room, bottom + least, bottom + 1)];
}
