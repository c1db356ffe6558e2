import { wayToTheHeap } from '../../probes/catalogue.js';
import { resources } from '../../probes/resources.js';
import type { Hunt, ResourceRecord, ScenarioRecord } from '../../record/record.js';
import { formatWhole } from '../../units.js';
import { looks } from '../../verdict/looks.js';
import { leading } from './wording.js';

/** Whether a resource waits for nothing but an end of the hunt that came early, once a leak was sure. */
export function isCutShort({ verdict, reason, decisive }: ResourceRecord, part: ScenarioRecord): boolean {
  const isOpen = decisive && verdict === 'inconclusive' && reason !== 'probe-lost';
  return isOpen && part.verdict === 'leak' && part.end === 'decided';
}

/** `Not decided: heap; the hunt ended when the leak of goroutines was sure; --thorough decides the rest.` */
export function cutShortInWords(names: string, part: ScenarioRecord): string {
  const sure = leading(part);
  const leak = sure ? `the leak of ${resources[sure.name].title}` : 'a leak';
  return `Not decided: ${names}; the hunt ended when ${leak} was sure; --thorough decides the rest.`;
}

/** What of a target says which advice applies to it. */
export type AdvisedTarget = Pick<Hunt['target'], 'runtime' | 'missing'>;

type Runtime = NonNullable<AdvisedTarget['runtime']>;

/** What would decide what is open, each piece of advice once; empty where there is none to give. */
export function adviceFor(
  open: readonly ResourceRecord[],
  part: ScenarioRecord,
  { runtime, missing }: AdvisedTarget = { missing: [] },
): string[] {
  const of = (...reasons: ResourceRecord['reason'][]) =>
    open.filter(({ reason }) => reasons.includes(reason));
  const [near] = of('near-margin');
  const heap = runtime && wayInWords(runtime, missing);
  const waiting = open.filter(
    ({ reason, moreUploads }) => moreUploads !== undefined && reason !== 'near-margin',
  );
  const few = of('too-few-rounds').length > 0;
  return [
    ...(of('backlog').length > 0 ? ['Use --rate to feed the target no faster than it works.'] : []),
    ...(of('not-collected').length > 0 && heap ? [heap] : []),
    ...(near ? [marginInWords(near)] : []),
    ...(waiting.length > 0 || few ? [moreInWords(waiting, part)] : []),
    ...(of('grows-when-idle').length > 0 && waiting.length === 0 ? [largerRounds(part)] : []),
  ].filter(text => text !== '');
}

/** What to do, or why what would do it was refused. */
function wayInWords(runtime: Runtime, missing: AdvisedTarget['missing']): string | undefined {
  const way = wayToTheHeap(runtime, missing);
  const isAdvice = way === wayToTheHeap(runtime);
  return way && isAdvice ? `To have the heap read: ${lowered(way)}` : way;
}

/** A way to the heap is a sentence of its own elsewhere. */
function lowered(sentence: string): string {
  return `${sentence[0]!.toLowerCase()}${sentence.slice(1)}`;
}

/** What margins would decide: growth as large as this is a leak beside the one and flat beside the other. */
function marginInWords(resource: ResourceRecord): string {
  const { name, unit, perUpload } = resource;
  const most = amountOf(roundedUp(1.1 * perUpload.high), unit);
  if (!(perUpload.low > 0)) return `With --max-growth ${name}=${most} it would be flat.`;
  return `With ${leakMarginInWords(resource)} it would be a leak, with ${most} flat.`;
}

/** The margin, in two digits, that growth of surely more than `low` is above: `--max-growth anon=200B`. */
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

/** More rounds than so many times those that were done are no advice. */
const longest = 10;

/** How many more uploads would decide, up to a look; or what helps where as many did not, the last time. */
function moreInWords(waiting: readonly ResourceRecord[], part: ScenarioRecord): string {
  const { uploadsPerRound, rounds } = part.load;
  const wanted = Math.max(0, ...waiting.map(({ moreUploads }) => moreUploads!)) / uploadsPerRound;
  const more = roundsToLook(wanted, part.load);
  if (!Number.isFinite(more) || isInterrupted(part)) return '';
  const isGuess = waiting.some(({ reason }) => reason !== 'may-be-filling');
  const isKept = !isGuess || wanted > roundsSinceLook(part);
  if (rounds > 0 && (!isKept || more > longest * rounds)) return largerRounds(part);
  const uploads = `About ${formatWhole(more * uploadsPerRound)} more uploads would decide`;
  const way = wayTo(rounds + more, part);
  return `${uploads}${way && `: ${way}`}.`;
}

/** Rounds up to the first look that comes after at least so many; sizes that take turns end theirs together. */
function roundsToLook(wanted: number, { rounds, sizes }: ScenarioRecord['load']): number {
  const look = looks.find(each => each > rounds && each >= rounds + wanted);
  const at = look ?? rounds + Math.max(1, Math.ceil(wanted));
  const turns = sizes?.length ?? 1;
  return Math.ceil(at / turns) * turns - rounds;
}

/** Rounds since the look before this one, which asked for no fewer; less than none where this one was the first. */
function roundsSinceLook(part: ScenarioRecord): number {
  const { rounds } = part.load;
  const before = looks.findLast(look => look < rounds);
  return before === undefined || isCapped(part) ? -1 : rounds - before;
}

/** Whether the number of rounds was chosen, by --rounds or --max-rounds: such a hunt may have been judged but once. */
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
  if (part.end === 'time-limit') return '--time-limit gives the time for them';
  if (isCapped(part)) return cappedInWords(part);
  return part.end === 'rounds-done' ? `--max-rounds ${rounds}` : '';
}

/** The noise of a reading is the same whatever came before it: more uploads between two readings outgrow it. */
function largerRounds({ load }: ScenarioRecord): string {
  const { uploadsPerRound: n } = load;
  return `Larger rounds (-n ${4 * n}) would tell more than more rounds of ${formatWhole(n)}.`;
}
