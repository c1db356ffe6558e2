import type { ChalkInstance } from 'chalk';
import { resources } from '../../probes/resources.js';
import type { Culprit, ScenarioRecord } from '../../record/record.js';
import { estimateOf, intervalOf } from '../text/cells.js';
import {
  culpritInWords,
  frameInWords,
  nameInWords,
  placeInWords,
  shareInWords,
  shownCulprits,
  unexplainedInWords,
  untracedInWords,
} from '../text/culprits.js';
import { clipped } from '../text/limits.js';
import { plain } from '../text/plain.js';
import { columnsOf, padEnd } from './columns.js';
import { plainTable, wrap } from './layout.js';

const mostRows = 8;
const mostFrames = 12;
const longestCulprit = 600;

/** The table of culprits, the part of the growth that they leave unexplained, and the stack of the first. */
export function culpritSections(part: ScenarioRecord, columns: number, colour: ChalkInstance): string[] {
  const culprits = shownCulprits(part);
  const left = unexplainedInWords(part);
  const notes = [left, untracedInWords(part)].filter(text => text !== undefined);
  const note = notes.flatMap(text => wrap(`${text}.`, columns)).join('\n');
  if (culprits.length === 0) return note === '' ? [] : [note];
  const rows = leadingOfEach(culprits);
  const more = culprits.length - rows.length;
  const rest = more > 0 ? `and ${more} more in the record (--json)` : '';
  return [
    [table(rows, columns, colour), rest, note].filter(Boolean).join('\n'),
    stackOf(culprits[0]!, colour),
  ].filter(Boolean);
}

/** As many as fit, in order: a row of each resource, then a second of each, and so on. */
function leadingOfEach(culprits: Culprit[]): Culprit[] {
  const seen = new Map<string, number>();
  const turns = culprits.map(culprit => {
    const turn = seen.get(culprit.resource) ?? 0;
    seen.set(culprit.resource, turn + 1);
    return { culprit, turn };
  });
  const shown = new Set(turns.toSorted((a, b) => a.turn - b.turn).slice(0, mostRows));
  return turns.filter(each => shown.has(each)).map(({ culprit }) => culprit);
}

function table(culprits: Culprit[], columns: number, colour: ChalkInstance): string {
  const rows = culprits.map(culprit => {
    const cells = { perUpload: culprit.perUpload, unit: resources[culprit.resource].unit };
    return [
      resources[culprit.resource].title,
      estimateOf(cells),
      intervalOf(cells),
      shareInWords(culprit.share),
      clipped(plain(culpritInWords(culprit)), longestCulprit),
    ];
  });
  const head = ['resource', 'per upload', 'interval', 'share', 'culprit'];
  return plainTable({ head, rows, columns, colour, right: [1, 3], wraps: 4 });
}

function stackOf({ site, stack, kind, createdBy }: Culprit, colour: ChalkInstance): string {
  if (kind === 'class' || kind === 'descriptors' || stack.length + (createdBy ? 1 : 0) < 2) return '';
  const rows = stack
    .slice(0, mostFrames)
    .map((frame): [string, string] => [nameInWords(frame.function), placeInWords(frame)]);
  if (stack.length > mostFrames) rows.push([`and ${stack.length - mostFrames} more frames`, '']);
  if (createdBy) rows.push([`created by ${nameInWords(createdBy.function)}`, placeInWords(createdBy)]);
  const width = Math.min(50, Math.max(...rows.map(([name]) => columnsOf(name))));
  const lines = rows.map(([name, place]) => `  ${padEnd(name, width)}  ${colour.dim(place)}`.trimEnd());
  return [colour.bold(`stack of ${frameInWords(site)}`), ...lines].join('\n');
}
