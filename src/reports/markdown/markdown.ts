import { type Hunt, type ResourceRecord, type ScenarioRecord, scenariosOf } from '../../hunt/record.js';
import { resources } from '../../probes/resources.js';
import { sparkline } from '../terminal/sparkline.js';
import { estimateOf, intervalOf, whyOf } from '../words/cells.js';
import { verdictWord } from '../words/self-wording.js';
import { closingSentence, sentenceOf } from '../words/verdict-wording.js';
import { culpritTable, stackBlock } from './markdown-culprits.js';
import { detailsOf } from './markdown-details.js';
import { code, markdownTable, prose } from './markdown-escape.js';
import { clipped, type MarkdownLimits } from './markdown-limits.js';

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
      .flatMap(part => [...(parts.length > 1 ? headOf(part, limits) : []), ...found(part, limits)]),
    ...(more > 0 ? [`and ${more} more scenarios, in the record`] : []),
    detailsOf(hunt, limits),
  ];
  return `${blocks.filter(Boolean).join('\n\n')}\n`;
}

function headOf(part: ScenarioRecord, { text }: MarkdownLimits): string[] {
  const name = code(clipped(part.scenario, Math.min(text, 100)));
  return [`#### ${name}: ${verdictWord(part)}`, prose(clipped(sentenceOf(part), text))];
}

/** What one scenario showed. */
function found(part: ScenarioRecord, limits: MarkdownLimits): string[] {
  return [tableOf(part), culpritTable(part, limits), stackBlock(part, limits)];
}

/** Resources that moved, a row each; those that never changed share a line. */
function tableOf({ resources: all }: ScenarioRecord): string {
  const moved = all.filter(({ reason }) => reason !== 'constant');
  const still = all.filter(({ reason }) => reason === 'constant').map(({ name }) => resources[name].title);
  const titles = ['resource', 'per upload:', 'interval', 'verdict', 'why', 'readings'];
  return [
    ...(moved.length > 0 ? [markdownTable(titles, moved.map(rowOf))] : []),
    ...(still.length > 0 ? [`Never changed: ${prose(still.join(', '))}`] : []),
  ].join('\n\n');
}

function rowOf(resource: ResourceRecord): string[] {
  const { name, verdict, decisive } = resource;
  const line = sparkline(resource);
  return [
    prose(resources[name].title),
    estimateOf(resource),
    intervalOf(resource),
    decisive && verdict !== 'flat' ? `**${verdict}**` : verdict,
    prose(whyOf(resource)),
    line === '' ? '' : code(line),
  ];
}
