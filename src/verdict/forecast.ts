import {
  isPartOf,
  isProcessMemory,
  memoryIn,
  outermost,
  processMemory,
} from '../probes/resource-questions.js';
import type { Finding } from './finding.js';
import type { Interval } from './verdict.js';

/** How fast the target's memory would grow under a given traffic, and when it would run out. */
export interface Forecast {
  uploadsPerSecond: number;
  /** Bytes per day. */
  perDay: Interval;
  /** The limit in bytes at which the target runs out, if there is one. */
  memoryLimit?: number;
  /** Seconds until then; `low` is the soonest. Infinite if there may be no growth. */
  secondsLeft?: Interval;
}

export interface ForecastOptions {
  uploadsPerSecond: number;
  memoryLimit?: number;
}

const day = 86_400;

/** The sum of the leaking memory; undefined if no memory leaks. */
export function forecast(findings: readonly Finding[], options: ForecastOptions): Forecast | undefined {
  const growing = growingIn(findings);
  if (growing.length === 0) return undefined;

  const { uploadsPerSecond, memoryLimit } = options;
  const sum = (of: (perUpload: Interval) => number) =>
    growing.reduce((total, { perUpload }) => total + Math.max(0, of(perUpload)), 0) * uploadsPerSecond * day;
  const perDay = {
    estimate: sum(each => each.estimate),
    low: sum(each => each.low),
    high: sum(each => each.high),
  };
  if (memoryLimit === undefined) return { uploadsPerSecond, perDay };

  const room = Math.max(0, memoryLimit - memoryNow(findings));
  const secondsAt = (bytesPerDay: number) =>
    bytesPerDay > 0 ? (room / bytesPerDay) * day : Number.POSITIVE_INFINITY;
  const secondsLeft = {
    estimate: secondsAt(perDay.estimate),
    low: secondsAt(perDay.high),
    high: secondsAt(perDay.low),
  };
  return { uploadsPerSecond, perDay, memoryLimit, secondsLeft };
}

/**
 * The parts that leak, or the whole process if it grows by more than they do. Native memory is what the
 * process holds beside them and is added, as is anything that is not part of the whole that was read.
 */
function growingIn(findings: readonly Finding[]): Finding[] {
  const leaking = findings.filter(({ verdict }) => verdict === 'leak');
  const parts = outermost(leaking.filter(isPart), ({ series }) => series.name);
  const [whole] = processMemory.flatMap(name => leaking.filter(({ series }) => series.name === name));
  if (!whole) return parts;
  if (whole.reason === 'native') return [...parts, whole];
  const within = parts.filter(({ series }) => isPartOf(series.name, whole.series.name));
  const beside = parts.filter(each => !within.includes(each));
  if (within.length === 0) return [whole, ...beside];
  const growth = within.reduce((sum, { perUpload }) => sum + Math.max(0, perUpload.estimate), 0);
  return whole.decisive && whole.perUpload.estimate > growth ? [whole, ...beside] : parts;
}

/**
 * Bytes that are part of the process's memory. What is no proof by itself may be a heap that is read as such,
 * too.
 */
function isPart({ series: { name }, decisive }: Finding): boolean {
  const isOwn = isPartOf(name, processMemory[0]!);
  return isOwn || (decisive && !isProcessMemory(name) && isPartOf(name, processMemory.at(-1)!));
}

/** The process's size at the first reading: the hunt's own uploads are not part of the traffic. */
function memoryNow(findings: readonly Finding[]): number {
  const first = findings.flatMap(({ series: { name, points } }) =>
    points[0] ? [[name, points[0].value]] : [],
  );
  return memoryIn(Object.fromEntries(first)) ?? 0;
}
