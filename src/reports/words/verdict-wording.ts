import { type Hunt, type ResourceRecord, type ScenarioRecord, scenariosOf } from '../../hunt/record.js';
import { resources } from '../../probes/resources.js';
import { formatValue } from '../../units.js';
import type { Verdict } from '../../verdict/types.js';
import { baselineInWords } from './baseline-wording.js';
import { lookFirstInWords } from './culprit-wording.js';
import { growthInWords, isWhole, leading, listed, provedInWords, reasonInWords } from './wording.js';

/** The verdict in one sentence, the same words in every report; of several scenarios, what each one leaves. */
export function closingSentence(hunt: Hunt): string {
  if (hunt.error) return `Not measured: ${hunt.error.message}`;
  const parts = scenariosOf(hunt);
  const beside = hunt.baseline && baselineInWords(hunt, hunt.baseline);
  const sentence = beside ?? (parts.length > 1 ? sentenceOfAll(hunt, parts) : sentenceOf(hunt));
  return hunt.end === 'interrupted' ? `Interrupted. So far: ${sentence}` : sentence;
}

/** One scenario's verdict in one sentence. */
export function sentenceOf(part: ScenarioRecord): string {
  if (part.error) return `Not measured: ${part.error.message}`;
  return sentences[part.verdict](part);
}

function sentenceOfAll(hunt: Hunt, parts: ScenarioRecord[]): string {
  const named = (verdict: Verdict) =>
    listed(parts.filter(part => part.verdict === verdict).map(part => uploadInWords(part, true)));
  const [flat, open] = [named('flat'), named('inconclusive')];
  const leaks = parts.filter(part => part.verdict === 'leak').map(part => `each ${leftInWords(part)}`);
  const told = [
    ...(leaks.length > 0 ? [`Leak: ${listed(leaks)}.`] : []),
    ...(flat === ''
      ? []
      : [leaks.length > 0 ? `Nothing is left by ${flat}.` : `Flat: ${flat} leave nothing behind.`]),
    ...(open === '' ? [] : [`${hunt.verdict === 'inconclusive' ? 'Inconclusive' : 'Not decided'}: ${open}.`]),
  ];
  return told.join(' ');
}

const sentences: Record<Verdict, (part: ScenarioRecord) => string> = {
  leak: part => [`Leak: each ${leftInWords(part)}.`, lookFirstInWords(part)].filter(Boolean).join(' '),
  flat: part => {
    const first = leading(part);
    if (!first) return 'Flat: nothing that counts grows.';
    const proof = `${resources[first.name].title} ${provedInWords(first)}`;
    const heap = part.resources.some(({ name }) => name === 'heap');
    if (heap || first.unit !== 'bytes') return `Flat: ${proof}, and nothing else that counts grows.`;
    const margin = formatValue(first.tolerance ?? first.margin, first.unit);
    return `Flat within the margin: ${proof}, below the ${margin} that are called flat. The heap was not read.`;
  },
  inconclusive: part => {
    const open = part.resources.filter(({ verdict, decisive }) => verdict === 'inconclusive' && decisive);
    if (open.length === 0) return 'Inconclusive: no resource could be read often enough. Run more rounds.';
    const why = open.slice(0, 3).map(each => `${resources[each.name].title} (${reasonInWords(each)})`);
    return `Inconclusive: ${listed(why)}.`;
  },
};

/** `upload leaves 721 B of heap and 1 goroutine behind`. */
function leftInWords(part: ScenarioRecord): string {
  const leaking = part.resources.filter(({ verdict, decisive }) => verdict === 'leak' && decisive);
  const told = leaking.filter(each => !isToldBy(each, leaking));
  const left = [...told.filter(isWhole), ...told.filter(each => !isWhole(each))].map(growthInWords);
  return `${uploadInWords(part)} leaves ${listed(left)} behind`;
}

const participles: Record<string, string> = {
  abort: 'aborted',
  truncate: 'truncated',
  malformed: 'malformed',
  reject: 'rejected',
  stall: 'stalled',
};

/** `upload`, or `aborted upload (abort@50%)`; `complete uploads` where others are told apart from them. */
export function uploadInWords({ scenario }: ScenarioRecord, several = false): string {
  const [, name, parameters] = /^([a-z]*)(.*)$/s.exec(scenario)!;
  const how = participles[name!] ?? (several ? name : undefined);
  const what = several ? 'uploads' : 'upload';
  return [how, what, parameters && `(${scenario})`].filter(Boolean).join(' ');
}

/** Node counts array buffers as external memory as well: what is said of them need not be said twice. */
function isToldBy({ name }: ResourceRecord, others: ResourceRecord[]): boolean {
  return name === 'external' && others.some(other => other.name === 'array-buffers');
}
