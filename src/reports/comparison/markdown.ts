import type { Comparison, ScenarioComparison } from '../../compare/comparison.js';
import { resources } from '../../probes/resources.js';
import { code, markdownTable, prose } from '../markdown/escape.js';
import { comparisonSentence, outcomeWords, tradesInWords } from '../text/comparison.js';
import { clipped } from '../text/limits.js';
import { cellsOf, isStill, sideInWords } from './comparison.js';

/** The most characters of a text whose length a target or a file decides. */
const longest = 2000;

/** Two hunts side by side, as a comment for a pull request. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { scenarios, before, after, outcome, differences } = comparison;
  const short = (text: string) => prose(clipped(text, longest));
  const blocks = [
    `### leakhunt compare: ${outcome === 'not-told-apart' ? 'inconclusive' : outcomeWords[outcome]}`,
    `**${short(comparisonSentence(comparison))}**`,
    ...scenarios.flatMap(part => [
      ...(scenarios.length > 1
        ? [`#### ${code(clipped(part.scenario, 100))}: ${outcomeWords[part.outcome]}`]
        : []),
      ...found(part),
    ]),
    [
      `- before: ${short(sideInWords(before))}`,
      `- after: ${short(sideInWords(after))}`,
      ...differences.map(each => `- ${short(each)}`),
    ].join('\n'),
  ];
  return `${blocks.filter(Boolean).join('\n\n')}\n`;
}

function found({ resources: all, trades }: ScenarioComparison): string[] {
  const moved = all.filter(each => !isStill(each));
  const still = all.filter(isStill).map(({ name }) => resources[name].title);
  const titles = ['per upload', 'before:', 'after:', 'difference:', 'interval', 'outcome'];
  const rows = moved.map(each => {
    const word = outcomeWords[each.outcome];
    const loud = each.decisive && each.outcome === 'regression';
    return [
      prose(resources[each.name].title),
      ...cellsOf(each),
      loud ? `**${word}**` : each.decisive ? word : `${word} (not decisive)`,
    ];
  });
  return [
    rows.length > 0 ? markdownTable(titles, rows) : '',
    still.length > 0 ? `Unchanged: ${prose(still.join(', '))}` : '',
    tradesInWords(trades)
      .map(([label, text]) => `- ${label}: ${prose(text)}`)
      .join('\n'),
  ];
}
