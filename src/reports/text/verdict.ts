import { isHeap } from '../../probes/resource-questions.js';
import { resources } from '../../probes/resources.js';
import { type Hunt, type ResourceRecord, type ScenarioRecord, scenariosOf } from '../../record/record.js';
import { formatRange, formatValue } from '../../units.js';
import type { Verdict } from '../../verdict/verdict.js';
import {
  type AdvisedTarget,
  adviceFor,
  cappedInWords,
  cutShortInWords,
  isCapped,
  isCutShort,
  leakMarginInWords,
} from './advice.js';
import { baselineInWords } from './baseline.js';
import { cautionInWords } from './caution.js';
import { lookFirstInWords } from './culprits.js';
import { neverChanged } from './movement.js';
import { boundInWords, isNearMargin } from './reasons.js';
import { wordRows } from './rows.js';
import { type Told, titleOf, toldOnce } from './told-once.js';
import { growthInWords, isWhole, leading, listed, provedInWords } from './wording.js';

/** A hunt's verdict and what it does not rule out, the same words in every report; of several scenarios, of each one. */
export function closingSentence(hunt: Hunt): string {
  const caution = hunt.error ? undefined : cautionInWords(scenariosOf(hunt));
  return [verdictSentence(hunt), caution].filter(Boolean).join(' ');
}

/** The verdict alone. */
export function verdictSentence(hunt: Hunt): string {
  if (hunt.error) return `Not measured: ${hunt.error.message}`;
  const parts = scenariosOf(hunt);
  const beside = hunt.baseline && baselineInWords(hunt, hunt.baseline);
  const sentence = beside ?? (parts.length > 1 ? sentenceOfAll(hunt, parts) : sentenceOf(hunt, hunt.target));
  return hunt.end === 'interrupted' ? `Interrupted. So far: ${sentence}` : sentence;
}

/** One scenario's verdict. */
export function sentenceOf(part: ScenarioRecord, target?: AdvisedTarget): string {
  if (part.error) return `Not measured: ${part.error.message}`;
  return sentences[part.verdict](part, target);
}

function sentenceOfAll(hunt: Hunt, parts: ScenarioRecord[]): string {
  const having = (verdict: Verdict) => parts.filter(part => part.verdict === verdict);
  const [first, ...others] = having('leak').map(part => `each ${leftInWords(part)}.`);
  const open = listed(having('inconclusive').map(part => uploadInWords(part, true)));
  return [
    ...(first ? [`Leak: ${first}`, ...others.map(capitalized)] : []),
    ...flatInWords(having('flat')),
    ...(open === '' ? [] : [`${hunt.verdict === 'inconclusive' ? 'Inconclusive' : 'Not decided'}: ${open}.`]),
    ...commonAdvice(having('inconclusive'), hunt.target),
  ].join(' ');
}

/** What would decide all the scenarios that are open; where each needs something else, its own part says what. */
function commonAdvice(parts: ScenarioRecord[], target?: AdvisedTarget): string[] {
  const [first = [], ...others] = parts
    .filter(({ error }) => !error)
    .map(part => adviceFor(part.resources.filter(isOpen), part, target));
  return first.filter(advice => others.every(each => each.includes(advice)));
}

function isOpen({ verdict, decisive }: ResourceRecord): boolean {
  return verdict === 'inconclusive' && decisive;
}

/** `Flat: complete uploads leave less than 78.1 B of heap each.`: a sentence for each resource that leads a scenario. */
function flatInWords(parts: ScenarioRecord[]): string[] {
  const leads = parts.map(part => ({ part, lead: leadOfFlat(part) }));
  const names = [...new Set(leads.map(({ lead }) => lead?.name))];
  return names.map(name => {
    const those = leads.filter(({ lead }) => lead?.name === name);
    const uploads = listed(those.map(({ part }) => uploadInWords(part, true)));
    if (name === undefined) return `Flat: ${uploads}.`;
    const most = Math.max(...those.map(({ lead }) => lead!.perUpload.high));
    const { title, unit } = resources[name];
    if (most <= 0) return `Flat: ${title} did not grow over ${uploads}.`;
    const bound =
      unit === 'bytes' ? `${boundInWords(most, unit)} of ${title}` : `${boundInWords(most, unit)} ${title}`;
    return `Flat: ${uploads} leave less than ${bound} each.`;
  });
}

const sentences: Record<Verdict, (part: ScenarioRecord, target?: AdvisedTarget) => string> = {
  leak: part =>
    [`Leak: each ${leftInWords(part)}.`, lookFirstInWords(part), restInWords(part)].filter(Boolean).join(' '),
  flat: flatSentence,
  inconclusive: openSentence,
};

function flatSentence(part: ScenarioRecord): string {
  const first = leadOfFlat(part);
  if (!first) return 'Flat: no resource that counts was shown to grow.';
  const { title } = resources[first.name];
  const margin = formatValue(first.margin, first.unit);
  const others = part.resources.some(each => each.decisive && each !== first);
  const rest = others ? ', and everything else that counts grew by less than its margin' : '';
  const heap = part.resources.some(({ name }) => isHeap(name));
  const unread = heap || first.unit !== 'bytes' ? '' : ' The heap was not read.';
  if (isNearMargin(first)) {
    const range = formatRange(first.perUpload.low, first.perUpload.high, first.unit);
    const flag = leakMarginInWords(first);
    const shown = `${title} grew by ${range} per upload: more than nothing, less than the ${margin} that are called a leak`;
    return `Flat within the margin: ${shown}; ${flag} would call it one.${unread}`;
  }
  const proof = `${title} ${provedInWords(first)}`;
  if (unread === '' || !(first.perUpload.high > 0) || neverChanged(first))
    return `Flat: ${proof}${rest}.${unread}`;
  const tolerance = formatValue(first.tolerance ?? first.margin, first.unit);
  return `Flat within the margin: ${proof}, below the ${tolerance} that are called flat.${unread}`;
}

/** Growth that is surely there and not much below the margin is what a reader of a flat verdict should hear of first. */
function leadOfFlat(part: ScenarioRecord): ResourceRecord | undefined {
  const near = part.resources.filter(each => each.decisive && each.verdict === 'flat' && isNearMargin(each));
  const share = ({ perUpload, margin }: ResourceRecord) => perUpload.low / margin;
  return near.toSorted((a, b) => share(b) - share(a))[0] ?? leading(part);
}

const mostNames = 3;
const mostReasons = 3;

function openSentence(part: ScenarioRecord, target?: AdvisedTarget): string {
  const open = wordRows(part).filter(({ resource }) => isOpen(resource));
  if (open.length === 0) {
    const more = isCapped(part) ? ` To go on, ${cappedInWords(part)}.` : '';
    return `Inconclusive: no resource that counts was read often enough.${more}`;
  }
  const reasons = [...new Set(open.map(({ long }) => long))];
  const told = reasons.slice(0, mostReasons).map(reason => {
    const names = open
      .filter(({ long }) => long === reason)
      .map(({ resource }) => resources[resource.name].title);
    return `${listedUpTo(mostNames, names)} (${reason})`;
  });
  const left = open.filter(({ long }) => !reasons.slice(0, mostReasons).includes(long)).length;
  const advice = adviceFor(
    open.map(({ resource }) => resource),
    part,
    target,
  );
  return [`Inconclusive: ${listed([...told, ...(left > 0 ? [`${left} more`] : [])])}.`, ...advice].join(' ');
}

/** What was left open when a leak ended the hunt. */
function restInWords(part: ScenarioRecord): string | undefined {
  const open = part.resources.filter(each => isCutShort(each, part));
  if (open.length === 0) return undefined;
  const names = listedUpTo(
    mostNames,
    open.map(({ name }) => resources[name].title),
  );
  return cutShortInWords(names, part);
}

function listedUpTo(most: number, names: string[]): string {
  return names.length <= most + 1
    ? listed(names)
    : listed([...names.slice(0, most), `${names.length - most} more`]);
}

/** `upload leaves 1 goroutine, 2.61 KiB of stack and 772 B of heap behind`. */
function leftInWords(part: ScenarioRecord): string {
  const left = leaksTold(part).map(each =>
    growthInWords({ ...each, title: each.reason === 'native' ? 'native memory' : titleOf(each) }),
  );
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

function capitalized(sentence: string): string {
  return `${sentence[0]!.toUpperCase()}${sentence.slice(1)}`;
}

/**
 * What a leak is said to leave behind: each byte once, things that are counted exactly first, then the largest amount
 * of memory. What is no proof by itself is told beside a proven leak where it is more than all of that.
 */
export function leaksTold({ resources: all }: Pick<ScenarioRecord, 'resources'>): Told<ResourceRecord>[] {
  const proven = toldOnce(all.filter(({ verdict, decisive }) => verdict === 'leak' && decisive));
  const most = bytesOf(proven).reduce((total, { perUpload }) => total + perUpload.high, 0);
  const growing = all.filter(({ verdict }) => verdict === 'leak' || verdict === 'suspect');
  const told = toldOnce(growing.filter(({ decisive, unit }) => decisive || unit === 'bytes')).filter(
    ({ decisive, perUpload }) => decisive || perUpload.low > most,
  );
  return [
    ...told.filter(isWhole),
    ...bytesOf(told).toSorted((a, b) => b.perUpload.estimate - a.perUpload.estimate),
    ...told.filter(each => each.unit === 'count' && !isWhole(each)),
  ];
}

function bytesOf<Each extends Pick<ResourceRecord, 'unit'>>(all: readonly Each[]): Each[] {
  return all.filter(({ unit }) => unit === 'bytes');
}
