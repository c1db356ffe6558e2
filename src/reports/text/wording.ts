import { isHeap, isPlural } from '../../probes/resource-questions.js';
import { resources } from '../../probes/resources.js';
import type { ResourceRecord, ScenarioRecord } from '../../record/record.js';
import type { Runtime } from '../../target/processes/runtime.js';
import { formatBytes, formatCount, formatRange, formatSeconds, formatValue } from '../../units.js';
import { neverChanged, unchangedInWords } from './movement.js';
import { boundInWords, isNearMargin } from './reasons.js';
import { titleOf, toldOnce } from './told-once.js';

export const runtimeTitles: Record<Runtime, string> = {
  go: 'Go',
  node: 'Node',
  java: 'Java',
  python: 'Python',
  ruby: 'Ruby',
  dotnet: '.NET',
};

/**
 * The resource that the verdict rests on most: among leaks, first a whole number of things, which no
 * allocator rounds, then the one furthest above its margin; else the first decisive one.
 */
export function leading(hunt: ScenarioRecord): ResourceRecord | undefined {
  const decisive = hunt.resources.filter(each => each.decisive);
  const asVerdict = decisive.filter(({ verdict }) => verdict === hunt.verdict);
  if (hunt.verdict === 'leak') return byWeight(asVerdict)[0];
  // Among what is flat, memory is what the user asked about, if it moved at all.
  const memory = asVerdict.find(({ unit, reason }) => unit === 'bytes' && reason !== 'constant');
  return memory ?? asVerdict[0] ?? decisive[0] ?? hunt.resources[0];
}

/** Leaks, the most telling one first: see `leading`. */
function byWeight(leaks: readonly ResourceRecord[]): ResourceRecord[] {
  const excess = ({ perUpload, margin }: ResourceRecord) => perUpload.low / margin;
  return leaks.toSorted((a, b) => Number(isWhole(b)) - Number(isWhole(a)) || excess(b) - excess(a));
}

export function isWhole({ unit, reason }: ResourceRecord): boolean {
  return unit === 'count' && reason === 'whole-number';
}

/** `4.1 KiB of heap`, `1 goroutine`, `1.02 heap objects`. */
export function growthInWords({
  name,
  unit,
  perUpload,
  title = resources[name].title,
}: Pick<ResourceRecord, 'name' | 'unit' | 'perUpload'> & { title?: string }): string {
  if (unit === 'bytes') return `${formatBytes(perUpload.estimate)} of ${title}`;
  const whole = wholeNumber(perUpload);
  if (whole === undefined) return `${formatCount(perUpload.estimate)} ${title}`;
  return whole === 1 ? `1 ${oneOf(name)}` : `${whole} ${title}`;
}

/** `goroutines leak`, `heap leaks`. */
export function leaksInWords(name: ResourceRecord['name']): string {
  return `${resources[name].title} ${isPlural(name) ? 'leak' : 'leaks'}`;
}

function oneOf(name: ResourceRecord['name']): string {
  const { one, title } = resources[name];
  return one ?? title;
}

/** The only whole number of things per upload in an interval, if that is narrow and holds no other. */
export function wholeNumber({ estimate, low, high }: ResourceRecord['perUpload']): number | undefined {
  const whole = Math.round(estimate);
  return whole >= 1 && low <= whole && whole <= high && high - low < 0.5 ? whole : undefined;
}

/** What was shown of a flat resource: `grew by less than 31 B per upload (97.5% confidence)`. */
export function provedInWords(resource: ResourceRecord): string {
  const { perUpload, unit, confidence } = resource;
  if (neverChanged(resource)) return `stayed ${unchangedInWords(resource)}`;
  if (perUpload.high <= 0) return 'did not grow';
  const most = boundInWords(perUpload.high, unit);
  const sure = `${percent(confidence)} confidence`;
  if (!isNearMargin(resource)) return `grew by less than ${most} per upload (${sure})`;
  return `grew by ${formatRange(perUpload.low, perUpload.high, unit)} per upload (${sure} in each bound)`;
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(2))}%`;
}

/** Churn in words: what was allocated in all and freed again is not a leak, however much it is. */
export function churnInWords(hunt: ScenarioRecord): string | undefined {
  if (!hunt.churn) return undefined;
  const { perUpload } = hunt.churn;
  const all = perUpload * hunt.load.completed;
  const kept = {
    flat: 'and freed again: churn, not a leak',
    leak: 'most of it freed again: churn, not the leak',
    inconclusive: 'most of it freed again: churn',
  }[hunt.verdict];
  return `${formatBytes(perUpload)} allocated per upload, ${formatBytes(all)} in total, ${kept}`;
}

/** What grows but proves nothing, in words; bytes that are part of two of them are told once. */
export function suspectsInWords({ resources: all }: Pick<ScenarioRecord, 'resources'>): string[] {
  const suspects = toldOnce(all.filter(({ verdict }) => verdict === 'suspect'));
  const heap = all.find(({ name }) => isHeap(name));
  const beside =
    heap === undefined
      ? 'and the heap was not read'
      : heap.verdict === 'flat'
        ? `while heap ${provedInWords(heap)}`
        : 'and heap is inconclusive';
  return suspects.map(each => {
    const growth = `${titleOf(each)} grows by ${formatValue(each.perUpload.estimate, each.unit)} per upload`;
    return `${growth} ${beside}: pages that the allocator keeps, or native memory`;
  });
}

/** Growth that needs no uploads, by time and by reading, in words. */
export function idleInWords({ name, unit, idle }: ResourceRecord): string | undefined {
  if (!idle) return undefined;
  const { perSecond, perReading } = idle;
  const parts = [
    ...(perSecond.low > 0 ? [`${formatValue(perSecond.estimate, unit)}/s even when idle`] : []),
    ...(perReading.low > 0 ? [`${formatValue(perReading.estimate, unit)} per reading`] : []),
  ];
  const either = `${formatValue(idle.perBlankRound.estimate, unit)} per round without uploads`;
  return `${resources[name].title} ${isPlural(name) ? 'grow' : 'grows'} by ${parts.length > 0 ? listed(parts) : either}`;
}

/** The high-water mark in words. */
export function peakInWords({ peak, load }: ScenarioRecord): string | undefined {
  if (!peak) return undefined;
  const above =
    peak.perUploadInFlight > 0
      ? `, ${formatBytes(peak.perUploadInFlight * load.concurrency)} above the settled level: ${formatBytes(peak.perUploadInFlight)} per upload in flight`
      : '';
  return `${formatBytes(peak.bytes)}${above}`;
}

function noForecast({ resources: all }: ScenarioRecord): string {
  const open = all.some(
    ({ unit, verdict, decisive }) => unit === 'bytes' && decisive && verdict === 'inconclusive',
  );
  return open ? 'none: memory is inconclusive' : 'none: no memory was shown to leak';
}

/** When the memory runs out under the traffic that was asked about, or how fast it grows. */
export function forecastInWords(part: ScenarioRecord): string | undefined {
  const { forecast } = part;
  if (!forecast) return forecast === null ? noForecast(part) : undefined;
  const { perDay, memoryLimit, secondsLeft } = forecast;
  const growth = `${formatBytes(perDay.estimate)} per day (${formatRange(perDay.low, perDay.high, 'bytes')})`;
  if (!memoryLimit || !secondsLeft) return growth;
  const latest = Number.isFinite(secondsLeft.high) ? formatSeconds(secondsLeft.high) : 'never';
  const earliest = sharingUnit(formatSeconds(secondsLeft.low), latest);
  return (
    `${formatBytes(memoryLimit)} would run out in ${formatSeconds(secondsLeft.estimate)} ` +
    `(${earliest} to ${latest}), at ${growth}`
  );
}

/** `112` of `112 days` where `152 days` follows. */
function sharingUnit(low: string, high: string): string {
  const [amount, unit, ...more] = low.split(' ');
  return more.length === 0 && high.split(' ')[1] === unit ? amount! : low;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
