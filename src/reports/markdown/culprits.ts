import { resources } from '../../probes/resources.js';
import type { Culprit, ScenarioRecord } from '../../record/record.js';
import { inOneLine } from '../../text.js';
import { estimateOf, intervalOf } from '../text/cells.js';
import {
  culpritInWords,
  placeInWords,
  shareInWords,
  shownCulprits,
  unexplainedInWords,
  untracedInWords,
} from '../text/culprits.js';
import { clipped, type MarkdownLimits } from '../text/limits.js';
import { code, codeBlock, markdownTable, prose } from './escape.js';

const mostFrames = 12;

/** What grows with each upload, and the part of the growth that it leaves unexplained. */
export function culpritTable(part: ScenarioRecord, { rows, text }: MarkdownLimits): string {
  const culprits = shownCulprits(part);
  const notes = [unexplainedInWords(part), untracedInWords(part)].filter(note => note !== undefined);
  const more = culprits.length - rows;
  const titles = ['resource', 'per upload:', 'interval', 'share:', 'culprit'];
  const table = markdownTable(
    titles,
    culprits.slice(0, rows).map(culprit => rowOf(culprit, text)),
  );
  return [
    ...(culprits.length > 0 ? [table] : []),
    ...(more > 0 ? [`and ${more} more in the record`] : []),
    ...notes.map(note => `${prose(clipped(note, text))}.`),
  ].join('\n\n');
}

function rowOf(culprit: Culprit, most: number): string[] {
  const { title, unit } = resources[culprit.resource];
  const cells = { perUpload: culprit.perUpload, unit };
  return [
    prose(title),
    estimateOf(cells),
    intervalOf(cells),
    prose(shareInWords(culprit.share)),
    code(clipped(culpritInWords(culprit), Math.min(most, 300))),
  ];
}

/** The stack of the first culprit, folded. */
export function stackBlock(part: ScenarioRecord, { text }: MarkdownLimits): string {
  const [first] = shownCulprits(part);
  if (!first || first.kind === 'class' || first.kind === 'descriptors' || first.stack.length === 0) return '';
  const most = Math.min(text, 200);
  const lines = first.stack
    .slice(0, mostFrames)
    .map(frame => `${frame.function}  ${placeInWords(frame)}`.trimEnd())
    .map(line => clipped(inOneLine(line), most));
  const more = first.stack.length - mostFrames;
  const all = [...lines, ...(more > 0 ? [`and ${more} more frames`] : [])];
  return folded('Stack of the first culprit', codeBlock(all.join('\n')));
}

/** Text that is hidden until it is unfolded. The empty lines make GitHub read Markdown inside. */
export function folded(summary: string, text: string): string {
  return `<details><summary>${summary}</summary>\n\n${text}\n\n</details>`;
}
