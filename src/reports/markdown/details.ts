import { resources } from '../../probes/resources.js';
import { type Hunt, type ScenarioRecord, scenariosOf } from '../../record/record.js';
import { churnSitesInWords } from '../text/culprits.js';
import { clipped, type MarkdownLimits } from '../text/limits.js';
import { answerInWords, loadInWords, speedInWords } from '../text/load.js';
import { endInWords, selfInWords } from '../text/self-usage.js';
import { sweepInWords } from '../text/sweep.js';
import { processInWords } from '../text/target.js';
import { churnInWords, forecastInWords, idleInWords, peakInWords, suspectsInWords } from '../text/wording.js';
import { folded } from './culprits.js';
import { code, codeBlock, prose } from './escape.js';

/** How it was measured, and observations besides the verdict, folded. */
export function detailsOf(hunt: Hunt, limits: MarkdownLimits): string {
  const { target, leakhunt } = hunt;
  const parts = scenariosOf(hunt).slice(0, limits.scenarios);
  const cut = (text: string) => clipped(text, limits.text);
  const process = processInWords(target.through ? target : { runtime: target.runtime });
  const read = target.probes
    .slice(0, limits.rows)
    .map(({ source, endpoint, lost }) => `${source} ${code(cut(endpoint))}${lost ? ' (lost)' : ''}`);
  const list = [
    ['Target', [code(cut(target.url)), process && prose(cut(process))].filter(Boolean).join(', ')],
    ['Read', read.join('; ')],
    ...(parts.length === 1 && hunt.load.completed > 0 ? [['Speed', prose(speedInWords(hunt))]] : []),
    ...parts.flatMap(part => rowsOf(part, limits, parts.length > 1 ? `${code(cut(part.scenario))} ` : '')),
    ['leakhunt', `${prose(leakhunt.version)}, ${prose(leakhunt.startedAt)}, ${prose(selfInWords(hunt))}`],
  ].map(([title, text]) => `- ${title}: ${text}`);
  const command = leakhunt.command ? [codeBlock(clipped(leakhunt.command, 5 * limits.text))] : [];
  return folded('What was measured', [list.join('\n'), ...command].join('\n\n'));
}

function rowsOf(part: ScenarioRecord, { rows, text }: MarkdownLimits, prefix: string): string[][] {
  const idle = part.resources.flatMap(each => idleInWords(each) ?? []);
  const suspects = suspectsInWords(part);
  const beside: [string, string | undefined][] = [
    ['Load', loadInWords(part.load)],
    ['Response', answerInWords(part.load)],
    ['Ended', endInWords(part)],
    ['Churn', churnInWords(part)],
    ['Allocated by', part.churn ? churnSitesInWords(part) : undefined],
    ['Peak', peakInWords(part)],
    ['Idle', idle.length > 0 ? `${idle.join('; ')} (subtracted above)` : undefined],
    ...suspects.map((suspect): [string, string] => ['Suspect', suspect]),
    ...(part.sweep ?? [])
      .slice(0, rows)
      .map((each): [string, string] => ['Sizes', `${resources[each.resource].title}: ${sweepInWords(each)}`]),
    ['Forecast', forecastInWords(part)],
    ...part.warnings.slice(0, rows).map((warning): [string, string] => ['Note', warning]),
  ];
  return beside.flatMap(([title, words]) =>
    words === undefined ? [] : [[`${prefix}${title}`, prose(clipped(words, text))]],
  );
}
