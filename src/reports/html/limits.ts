import { formatWhole } from '../../units.js';

/** How much of a record is shown; what is left out is counted on the page. */
export interface PageLimits {
  /** Characters of one text. */
  text: number;
  /** Rows of a table or list. */
  rows: number;
  /** Frames of a stack. */
  frames: number;
  /** Readings of a chart. */
  points: number;
}

export const generous: PageLimits = { text: 400, rows: 100, frames: 64, points: 1000 };

/** Half as much of everything, or undefined where no more can be left out. */
export function halved({ text, rows, frames, points }: PageLimits): PageLimits | undefined {
  if (rows <= 4) return undefined;
  const half = (number: number, least: number) => Math.max(least, Math.floor(number / 2));
  return { text: half(text, 60), rows: half(rows, 4), frames: half(frames, 8), points: half(points, 50) };
}

/** The first items of a list and, in words, how many are not shown. */
export function firstOf<Item>(list: readonly Item[], most: number, things: string): [Item[], string?] {
  if (list.length <= most) return [[...list]];
  return [list.slice(0, most), `${formatWhole(list.length - most)} more ${things} are not shown.`];
}

/** Items spread evenly over a list, including its ends. */
export function thinned<Item>(list: readonly Item[], most: number): Item[] {
  if (list.length <= most) return [...list];
  return Array.from({ length: most }, (_, i) => list[Math.round((i * (list.length - 1)) / (most - 1))]!);
}

/** A text and, if it is cut, how much is missing; `already` characters were cut before. */
export function clipped(text: string, most: number, already = 0): string {
  if (text.length <= most && already === 0) return text;
  const start = text.slice(0, most).replace(/[\ud800-\udbff]$/, '');
  return `${start}… (${formatWhole(text.length - start.length + already)} more characters)`;
}
