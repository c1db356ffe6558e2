import { type Advised, wayToTheHeap } from '../../probes/catalogue.js';
import type { ResourceRecord, ScenarioRecord } from '../../record/record.js';
import { formatWhole } from '../../units.js';
import { looks } from '../../verdict/looks.js';
import { leading, leaksInWords } from './wording.js';

/** Whether a resource is open only because the hunt ended early, once a leak was sure. */
export function isCutShort({ verdict, reason, decisive }: ResourceRecord, part: ScenarioRecord): boolean {
  const isOpen = decisive && verdict === 'inconclusive' && reason !== 'probe-lost';
  return isOpen && part.verdict === 'leak' && part.end === 'decided';
}

/** `Not decided: heap; the hunt stopped once it was certain that goroutines leak. Use --thorough to decide the rest.` */
export function cutShortInWords(names: string, part: ScenarioRecord): string {
  const sure = leading(part);
  const leak = sure ? `that ${leaksInWords(sure.name)}` : 'of a leak';
  return `Not decided: ${names}; the hunt stopped once it was certain ${leak}. Use --thorough to decide the rest.`;
}

/** What would decide what is open, each piece of advice once; empty where there is none to give. */
export function adviceFor(
  open: readonly ResourceRecord[],
  part: ScenarioRecord,
  target: Advised = {},
): string[] {
  const of = (...reasons: ResourceRecord['reason'][]) =>
    open.filter(({ reason }) => reasons.includes(reason));
  const [near] = of('near-margin');
  const heap = wayInWords(target);
  const waiting = open.filter(
    ({ reason, moreUploads }) => moreUploads !== undefined && reason !== 'near-margin',
  );
  const few = of('too-few-rounds').length > 0;
  return [
    ...(of('backlog').length > 0 ? [rateInWords(part)] : []),
    ...(of('not-collected').length > 0 && heap ? [heap] : []),
    ...(near ? [marginInWords(near)] : []),
    ...(waiting.length > 0 || few ? [moreInWords(waiting, part)] : []),
    ...(of('grows-when-idle').length > 0 && waiting.length === 0 ? [largerRounds(part)] : []),
  ].filter(text => text !== '');
}

/** Starts that were late are counted only where a rate was given. */
function rateInWords({ load }: ScenarioRecord): string {
  const flag = load.lateStarts === undefined ? 'Use --rate' : 'Lower --rate';
  return `${flag} to send uploads no faster than the target handles them.`;
}

/** What to do, or why what would do it was refused. */
function wayInWords(target: Advised): string | undefined {
  const way = wayToTheHeap(target);
  const isAdvice = way === wayToTheHeap({ ...target, missing: [] });
  return way && isAdvice ? `To read the heap: ${lowered(way)}` : way;
}

/** A way to the heap is a sentence of its own elsewhere. */
function lowered(sentence: string): string {
  return `${sentence[0]!.toLowerCase()}${sentence.slice(1)}`;
}

/** What margins would decide: growth as large as this is a leak with the one and flat with the other. */
function marginInWords(resource: ResourceRecord): string {
  const { name, unit, perUpload } = resource;
  const most = amountOf(roundedUp(1.1 * perUpload.high), unit);
  if (!(perUpload.low > 0)) return `With --max-growth ${name}=${most} it would be flat.`;
  return `With ${leakMarginInWords(resource)} it would be a leak; with ${most}, flat.`;
}

/** The margin, in two digits, that growth of surely more than `low` exceeds: `--max-growth anon=200B`. */
export function leakMarginInWords({ name, unit, perUpload }: ResourceRecord): string {
  return `--max-growth ${name}=${amountOf(roundedDown(0.9 * perUpload.low), unit)}`;
}

function amountOf(amount: number, unit: ResourceRecord['unit']): string {
  return `${amount}${unit === 'bytes' ? 'B' : ''}`;
}

function roundedDown(value: number): number {
  const step = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.floor(value / step) * step).toPrecision(2));
}

function roundedUp(value: number): number {
  const step = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.ceil(value / step) * step).toPrecision(3));
}

/** More rounds than this multiple of those done are not advised. */
const longest = 10;

/** How many more uploads would decide, up to a look; or what helps if that many did not, the last time. */
function moreInWords(waiting: readonly ResourceRecord[], part: ScenarioRecord): string {
  const { uploadsPerRound, rounds } = part.load;
  const wanted = Math.max(0, ...waiting.map(({ moreUploads }) => moreUploads!)) / uploadsPerRound;
  const more = roundsToLook(wanted, part.load);
  if (!Number.isFinite(more) || isInterrupted(part)) return '';
  const isGuess = waiting.some(({ reason }) => reason !== 'may-be-filling');
  const isKept = !isGuess || wanted > roundsSinceLook(part);
  if (rounds > 0 && (!isKept || more > longest * rounds)) return largerRounds(part);
  const uploads = `About ${formatWhole(more * uploadsPerRound)} more uploads should decide it`;
  const way = wayTo(rounds + more, part);
  return `${uploads}${way && `: ${way}`}.`;
}

/** Rounds up to the first look after at least this many; sizes that take turns end theirs together. */
function roundsToLook(wanted: number, { rounds, sizes }: ScenarioRecord['load']): number {
  const look = looks.find(each => each > rounds && each >= rounds + wanted);
  const at = look ?? rounds + Math.max(1, Math.ceil(wanted));
  const turns = sizes?.length ?? 1;
  return Math.ceil(at / turns) * turns - rounds;
}

/** Rounds since the previous look, if that asked for no fewer; negative if this one was the first. */
function roundsSinceLook(part: ScenarioRecord): number {
  const { rounds } = part.load;
  const before = looks.findLast(look => look < rounds);
  return before === undefined || isCapped(part) ? -1 : rounds - before;
}

/**
 * Whether the user chose the number of rounds (--rounds or --max-rounds): such a hunt may have been judged
 * only once.
 */
export function isCapped({ end, load }: ScenarioRecord): boolean {
  return end === 'rounds-done' && load.rounds < looks.at(-1)!;
}

/** `allow more than 3 rounds (--rounds, --max-rounds)`. */
export function cappedInWords({ load }: ScenarioRecord): string {
  return `allow more than ${load.rounds} rounds (--rounds, --max-rounds)`;
}

function isInterrupted({ end }: ScenarioRecord): boolean {
  return end !== 'rounds-done' && end !== 'time-limit' && end !== 'decided';
}

function wayTo(rounds: number, part: ScenarioRecord): string {
  if (part.end === 'time-limit') return 'raise --time-limit';
  if (isCapped(part)) return cappedInWords(part);
  return part.end === 'rounds-done' ? `use --max-rounds ${rounds}` : '';
}

/** A reading's noise does not depend on what came before it: more uploads between two readings outgrow it. */
function largerRounds({ load }: ScenarioRecord): string {
  const { uploadsPerRound: n } = load;
  return `Larger rounds (-n ${4 * n}) would help more than additional rounds of ${formatWhole(n)}.`;
}
