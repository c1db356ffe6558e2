import { resources } from '../../probes/resources.js';
import { type Hunt, type ScenarioRecord, scenariosOf } from '../../record/record.js';
import { estimateOf, intervalOf } from '../text/cells.js';
import { clipped, type MarkdownLimits } from '../text/limits.js';
import { byMovement } from '../text/movement.js';
import { type Row, wordRows } from '../text/rows.js';
import { verdictWord } from '../text/self-usage.js';
import { closingSentence, sentenceOf } from '../text/verdict.js';
import { culpritTable, stackBlock } from './culprits.js';
import { detailsOf } from './details.js';
import { code, markdownTable, prose } from './escape.js';
import { sparkline } from './sparkline.js';

/** Bytes; GitHub takes 65,536 characters of a comment. */
const largest = 60_000;

/** A comment for a pull request: the verdict, each scenario's table and culprits, the rest folded. */
export function markdown(hunt: Hunt): string {
  let limits: MarkdownLimits = { rows: 20, scenarios: 20, text: 2000 };
  for (;;) {
    const text = comment(hunt, limits);
    if (Buffer.byteLength(text) < largest || limits.text < 20) return text;
    limits = {
      rows: Math.ceil(limits.rows / 2),
      scenarios: Math.ceil(limits.scenarios / 2),
      text: limits.text / 2,
    };
  }
}

function comment(hunt: Hunt, limits: MarkdownLimits): string {
  const parts = scenariosOf(hunt);
  const more = parts.length - limits.scenarios;
  const blocks = [
    `### leakhunt: ${verdictWord(hunt)}`,
    `**${prose(clipped(closingSentence(hunt), limits.text))}**`,
    ...parts
      .slice(0, limits.scenarios)
      .flatMap(part => [
        ...(parts.length > 1 ? headOf(part, limits, hunt.target) : []),
        ...found(part, limits),
      ]),
    ...(more > 0 ? [`and ${more} more scenarios, in the record`] : []),
    detailsOf(hunt, limits),
  ];
  return `${blocks.filter(Boolean).join('\n\n')}\n`;
}

function headOf(part: ScenarioRecord, { text }: MarkdownLimits, target: Hunt['target']): string[] {
  const name = code(clipped(part.scenario, Math.min(text, 100)));
  return [`#### ${name}: ${verdictWord(part)}`, prose(clipped(sentenceOf(part, target), text))];
}

/** What one scenario showed. */
function found(part: ScenarioRecord, limits: MarkdownLimits): string[] {
  return [tableOf(part), culpritTable(part, limits), stackBlock(part, limits)];
}

/** Resources that moved, a row each; those of which the same is to be said share a line. */
function tableOf(part: ScenarioRecord): string {
  const { moved, still } = byMovement(part.resources);
  const rows = wordRows(part).filter(({ resource }) => moved.includes(resource));
  const titles = ['resource', 'per upload:', 'interval', 'verdict', 'why', 'readings'];
  return [
    ...(rows.length > 0 ? [markdownTable(titles, rows.map(rowOf))] : []),
    ...still.map(({ title, resources: all }) => {
      const names = all.map(({ name }) => resources[name].title).join(', ');
      return prose(`${title}: ${names}`);
    }),
  ].join('\n\n');
}

function rowOf({ resource, long }: Row): string[] {
  const { name, verdict, decisive } = resource;
  const line = sparkline(resource);
  return [
    prose(resources[name].title),
    estimateOf(resource),
    intervalOf(resource),
    decisive && verdict !== 'flat' ? `**${verdict}**` : verdict,
    prose(long),
    line === '' ? '' : code(line),
  ];
}
