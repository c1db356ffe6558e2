import { isHeap } from '../../probes/resource-questions.js';
import { resources } from '../../probes/resources.js';
import type { ResourceRecord, ScenarioRecord } from '../../record/record.js';
import type { Runtime } from '../../target/processes/runtime.js';
import { formatBytes, formatCount, formatRange, formatSeconds, formatValue } from '../../units.js';
import { neverChanged, neverChangedInWords } from './movement.js';
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
  // Among flat resources, memory is what users ask about, if it moved at all.
  const memory = asVerdict.find(({ unit, reason }) => unit === 'bytes' && reason !== 'constant');
  return memory ?? asVerdict[0] ?? decisive[0] ?? hunt.resources[0];
}

/** Leaks in order of importance: see `leading`. */
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

function oneOf(name: ResourceRecord['name']): string {
  const { one, title } = resources[name];
  return one ?? title;
}

/** The only whole number of things per upload in an interval, if that is narrow and holds no other. */
export function wholeNumber({ estimate, low, high }: ResourceRecord['perUpload']): number | undefined {
  const whole = Math.round(estimate);
  return whole >= 1 && low <= whole && whole <= high && high - low < 0.5 ? whole : undefined;
}

/** What was shown about a flat resource: `grew by less than 31 B per upload (97.5% sure)`. */
export function provedInWords(resource: ResourceRecord): string {
  const { perUpload, unit, confidence } = resource;
  if (neverChanged(resource)) return neverChangedInWords(resource);
  if (perUpload.high <= 0) return 'did not grow';
  const most = boundInWords(perUpload.high, unit);
  const sure = `${percent(confidence)} sure`;
  if (!isNearMargin(resource)) return `grew by less than ${most} per upload (${sure})`;
  return `grew by ${formatRange(perUpload.low, perUpload.high, unit)} per upload (${sure} of either bound)`;
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
  return `${formatBytes(perUpload)} allocated per upload, ${formatBytes(all)} in all, ${kept}`;
}

/** What grows but proves nothing, in words; what two of them count is mentioned once. */
export function suspectsInWords({ resources: all }: Pick<ScenarioRecord, 'resources'>): string[] {
  const suspects = toldOnce(all.filter(({ verdict }) => verdict === 'suspect'));
  const heap = all.find(({ name }) => isHeap(name));
  const beside =
    heap?.verdict === 'flat' ? `while heap ${provedInWords(heap)}` : 'and the heap is not decided';
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
  return `${resources[name].title} grows ${parts.length > 0 ? listed(parts) : either}`;
}

/** The high-water mark in words. */
export function peakInWords({ peak, load }: ScenarioRecord): string | undefined {
  if (!peak) return undefined;
  const above =
    peak.perUploadInFlight > 0
      ? `, ${formatBytes(peak.perUploadInFlight * load.concurrency)} above what was there: ${formatBytes(peak.perUploadInFlight)} for each upload in flight`
      : '';
  return `${formatBytes(peak.bytes)} at the highest${above}`;
}

function noForecast({ resources: all }: ScenarioRecord): string {
  const open = all.some(
    ({ unit, verdict, decisive }) => unit === 'bytes' && decisive && verdict === 'inconclusive',
  );
  return open ? 'memory was not decided: no forecast' : 'no memory was shown to leak: no forecast';
}

/** When the memory runs out under the traffic that was asked about, or how fast it grows. */
export function forecastInWords(part: ScenarioRecord): string | undefined {
  const { forecast } = part;
  if (!forecast) return forecast === null ? noForecast(part) : undefined;
  const { perDay, memoryLimit, secondsLeft } = forecast;
  const growth = `${formatBytes(perDay.estimate)} per day (${formatRange(perDay.low, perDay.high, 'bytes')})`;
  if (!memoryLimit || !secondsLeft) return growth;
  const latest = Number.isFinite(secondsLeft.high) ? formatSeconds(secondsLeft.high) : 'never';
  return (
    `${formatBytes(memoryLimit)} run out in ${formatSeconds(secondsLeft.estimate)} ` +
    `(${formatSeconds(secondsLeft.low)} to ${latest}), growing ${growth}`
  );
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
