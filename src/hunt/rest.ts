import { setTimeout as sleep } from 'node:timers/promises';
import { awake } from '../awake.js';
import type { Reader } from '../probes/reader.js';
import type { Reading } from '../probes/reading.js';
import type { Finding } from '../verdict/finding.js';
import { growthSoFar, isDoubtful, type Rest, restOf } from '../verdict/rest.js';
import type { Drain, MetricReader } from './drain.js';
import { raceAbort } from './race-abort.js';

/**
 * Seconds. A shorter rest would miss what a target does on a timer of a second or two; a longer one, unless
 * `--drain` asks for it, would hardly show more beside a hunt of minutes.
 */
const shortest = 5;
/**
 * The least time from the first upload to the end of a rest (s): it shows that what is kept for 8 s is let
 * go.
 */
const shortestInAll = 8.5;
const longest = 30;
/** The longest wait for a metric of the target (s). */
const longestForMetric = 600;
/** The last part of a rest, which shows whether anything still falls. */
const lastPart = 1 / 4;
/** The least time without readings (s) that shows whether the target is at work. */
const leastWatch = 0.5;
/** A target that uses this much more CPU (cores) than before any upload works on what was uploaded. */
const work = 0.25;

export interface RestOptions {
  drain: Drain | undefined;
  metric: MetricReader | undefined;
  /** Seconds that the uploads took so far, and seconds since the first one began. */
  uploading: number;
  since: number;
  /** Seconds until the time limit. */
  left: number;
  /** CPU (cores) that the target used before any upload. */
  idle: number;
  uploads: number;
  signal: AbortSignal | undefined;
  /** Called with each reading as it is taken, and the seconds that it took. */
  onReading(reading: Reading, seconds: number): void;
}

/**
 * Readings in a row, and then spread over the rest: together they tell what a reading adds from what time
 * adds.
 */
const atOnce = 6;
const spread = 6;
/**
 * The most seconds for readings in a row: readings that pause the target for long, as by jcmd, are spread
 * out.
 */
const longestAtOnce = 1;

/**
 * Leaves the target alone for as long as its uploads took, and as long again while it is at work or still
 * frees something. Undefined if it was interrupted.
 */
export async function takeRest(
  reader: Reader,
  before: Reading,
  findings: readonly Finding[],
  options: RestOptions,
): Promise<Rest | undefined> {
  const { signal } = options;
  const { pause, most } = lengthOf(options);
  const part = pause * lastPart;
  const start = awake.now();
  const elapsed = () => (awake.now() - start) / 1000;
  const waitUntil = async (seconds: number) => {
    while (!signal?.aborted && elapsed() < seconds)
      await sleep((seconds - elapsed()) * 1000, undefined, { signal }).catch(() => {});
  };
  const readings: { reading: Reading; seconds: number }[] = [];
  const read = async () => {
    const began = elapsed();
    const reading = await raceAbort(reader.read('rest', options.uploads), signal);
    if (!reading) return undefined;
    const seconds = elapsed() - began;
    readings.push({ reading, seconds });
    options.onReading(reading, seconds);
    return reading;
  };

  for (let i = 0; i < atOnce && elapsed() < longestAtOnce; i += 1) if (!(await read())) return undefined;
  for (let i = 1; i <= spread && elapsed() < pause; i += 1) {
    await waitUntil(((pause - part) * i) / spread);
    if (signal?.aborted || !(await read())) return undefined;
  }
  for (let end = pause; ; end = elapsed() + part) {
    const late = readings.at(-1)!.reading;
    const cpu = await busyShare(reader, () => waitUntil(Math.max(end, elapsed() + leastWatch)));
    if (signal?.aborted) return undefined;
    const working = cpu > options.idle + work || !(await hasCome(options));
    const reading = await read();
    if (!reading) return undefined;
    const values = valuesOf(findings, before, late, reading);
    const accused = findings.filter(({ verdict, decisive }) => decisive && verdict === 'leak');
    const falls = accused.some(({ series }) => values[series.name] && restOf(values[series.name]!).falling);
    const isOver = !working && !falls;
    if (isOver || elapsed() >= most) {
      return { seconds: elapsed() - readings.at(-1)!.seconds, working, values };
    }
  }
}

function lengthOf({ drain, uploading, since, left }: RestOptions): { pause: number; most: number } {
  const pause = Math.min(Math.max(uploading, shortest, shortestInAll - since), longest);
  if (!drain) return { pause, most: 2 * pause };
  if ('seconds' in drain) return { pause: drain.seconds, most: drain.seconds };
  return { pause, most: Math.max(pause, Math.min(left, longestForMetric)) };
}

async function hasCome({ drain, metric }: RestOptions): Promise<boolean> {
  if (!metric || !drain || !('metric' in drain)) return true;
  return (await metric()) === drain.value;
}

/** CPU (cores) that the target uses while something else is done; 0 if its process cannot be seen. */
export async function busyShare(reader: Reader, meanwhile: () => Promise<unknown>): Promise<number> {
  const start = awake.now();
  const before = await reader.cpuSeconds();
  await meanwhile();
  const after = await reader.cpuSeconds();
  if (before === undefined || after === undefined) return 0;
  return Math.max(0, after - before) / Math.max(0.001, (awake.now() - start) / 1000);
}

/**
 * The resources to compare: each that grows by more than its margin, whether or not that is called a leak
 * yet.
 */
function valuesOf(
  findings: readonly Finding[],
  before: Reading,
  late: Reading,
  after: Reading,
): Rest['values'] {
  const entries = findings.flatMap(finding => {
    const { name } = finding.series;
    const values = [before, late, after].map(reading => reading.values[name]);
    const grows =
      finding.verdict !== 'flat' && (finding.perUpload.low > finding.margin || isDoubtful(finding));
    if (!grows || !values.every(value => value !== undefined)) return [];
    const [first, second, third] = values as [number, number, number];
    return [[name, { before: first, late: second, after: third, growth: growthSoFar(finding) }] as const];
  });
  return Object.fromEntries(entries);
}
