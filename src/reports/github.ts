import { exitCodes } from '../exit-codes.js';
import { resources } from '../probes/resources.js';
import type { Frame } from '../profiles/frame.js';
import { type Culprit, type Hunt, type ScenarioRecord, scenariosOf } from '../record/record.js';
import { before, trimmedEnd } from '../text.js';
import { estimateOf } from './text/cells.js';
import { culpritInWords, shareInWords, shownCulprits } from './text/culprits.js';
import { plain } from './text/plain.js';
import { verdictWord } from './text/self-usage.js';
import { closingSentence, sentenceOf } from './text/verdict.js';

/** GitHub shows so many errors of a step, and as many warnings. */
const mostAnnotations = 10;
const mostCulprits = 3;

/**
 * Workflow commands that annotate a run: an error for the hunt's verdict where it is a leak or nothing was measured, a
 * warning where it is inconclusive, each scenario's own where there are several, and the places of the culprits in the
 * user's files. `workspace` is the folder of the checkout. Source: actions/toolkit, packages/core/src/command.ts.
 */
export function annotations(hunt: Hunt, workspace?: string): string {
  const parts = scenariosOf(hunt);
  // No worse than its baseline, a leak is worth a word and fails nothing.
  const passes = hunt.baseline !== undefined && hunt.exitCode === exitCodes.flat;
  const overall = parts.length > 1 ? [ofVerdict(hunt, closingSentence(hunt))] : [];
  const sentence = (part: ScenarioRecord) =>
    parts.length > 1 ? sentenceOf(part, hunt.target) : closingSentence(hunt);
  const lines = [
    ...overall,
    ...parts.flatMap(part => [
      ofVerdict(part, sentence(part), firstPlace(part, workspace)),
      ...ofCulprits(part, workspace),
    ]),
  ]
    .flatMap(line => line ?? [])
    .map(line => (passes ? line.replace(/^::error /, '::warning ') : line));
  return lines
    .slice(0, mostAnnotations)
    .map(line => `${line}\n`)
    .join('');
}

type Properties = Record<string, string | number | undefined>;

function ofVerdict(
  part: Pick<ScenarioRecord, 'verdict' | 'error'>,
  sentence: string,
  place: Properties = {},
): string | undefined {
  if (part.verdict === 'flat') return undefined;
  const level = part.error || part.verdict === 'leak' ? 'error' : 'warning';
  return command(level, { ...place, title: `leakhunt: ${verdictWord(part)}` }, sentence);
}

/** The culprits in files of the checkout; the first one is where the sentence itself stands. */
function ofCulprits(part: ScenarioRecord, workspace?: string): string[] {
  if (part.error || part.verdict !== 'leak') return [];
  return placed(part, workspace)
    .slice(1, mostCulprits)
    .map(({ culprit, place }) => {
      const { perUpload, resource, share } = culprit;
      const { title, unit } = resources[resource];
      const growth = `${estimateOf({ perUpload, unit })} of ${title} per upload, ${shareInWords(share)} of its growth`;
      return command('error', { ...place, title: `leakhunt: ${growth}` }, culpritInWords(culprit));
    });
}

function firstPlace(part: ScenarioRecord, workspace?: string): Properties | undefined {
  return placed(part, workspace)[0]?.place;
}

function placed(part: ScenarioRecord, workspace?: string): { culprit: Culprit; place: Properties }[] {
  if (part.verdict !== 'leak') return [];
  return shownCulprits(part).flatMap(culprit => {
    const file = inCheckout(culprit.site, workspace);
    return file === undefined ? [] : [{ culprit, place: { file, line: culprit.site.line } }];
  });
}

/**
 * A frame's file from the top of the checkout on. A Go module's path (`example.com/app/main.go`) is none: only the
 * module knows in which folder it lies.
 */
function inCheckout({ file = '' }: Frame, workspace = ''): string | undefined {
  const own = workspace === '' ? undefined : `${trimmedEnd(workspace.replaceAll('\\', '/'), '/')}/`;
  const path = file.replace(/^file:\/\//, '').replaceAll('\\', '/');
  const inside = own !== undefined && path.startsWith(own) ? path.slice(own.length) : path;
  const isElsewhere = /^\/|^[a-z][a-z\d+-]*:|(?:^|\/)(?:\.\.|node_modules)\/|@v\d/i.test(inside);
  const isModule = before(inside, '/').includes('.') && inside.includes('/') && !inside.startsWith('./');
  const isFile = /\.\w+$/.test(inside);
  return isFile && !isElsewhere && !isModule ? inside.replace(/^\.\//, '') : undefined;
}

/** `::error file=app.js,line=3,title=leak::message`, so escaped that it stays one command. */
function command(name: 'error' | 'warning', properties: Properties, message: string): string {
  const pairs = Object.entries(properties)
    .filter(([, value]) => value !== undefined && !Number.isNaN(value))
    .map(([key, value]) => `${key}=${escapedProperty(String(value))}`);
  return `::${name} ${pairs.join(',')}::${escaped(message)}`;
}

function escaped(text: string): string {
  return plain(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Lines of a report that the runner would take for commands begin with an invisible character instead. */
export function inert(report: string): string {
  return report.replace(/^([ \t]*)(?=::|##\[)/gm, '$1\u2060');
}
