import type { ResourceName } from '../probes/resources.js';
import type { Finding } from './findings.js';
import type { Interval } from './types.js';

/** How fast the target's memory would grow under a given traffic, and when it would run out. */
export interface Forecast {
  uploadsPerSecond: number;
  /** Bytes per day. */
  perDay: Interval;
  /** Bytes at which the target runs out, where a limit is given. */
  memoryLimit?: number;
  /** Seconds until then; `low` is the soonest. Infinite where the growth may be none. */
  secondsLeft?: Interval;
}

export interface ForecastOptions {
  uploadsPerSecond: number;
  memoryLimit?: number;
}

const day = 86_400;

/** Parts of a process's memory that do not overlap; array buffers are part of external memory. */
const parts: readonly ResourceName[] = ['heap', 'external', 'direct-buffers', 'stack'];

/** What the leaking memory comes to; undefined where no memory leaks. */
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
 * The parts that leak, or the whole process where it grows by more than they do. Native memory is what the process
 * holds beside them: it comes on top.
 */
function growingIn(findings: readonly Finding[]): Finding[] {
  const leaking = (name: ResourceName) =>
    findings.filter(({ series, verdict }) => series.name === name && verdict === 'leak');
  const inParts = parts.flatMap(leaking);
  const own = leaking('external').length > 0 ? inParts : [...inParts, ...leaking('array-buffers')];
  const [whole] = [...leaking('anon'), ...leaking('rss')];
  if (!whole) return own;
  if (whole.reason === 'native') return [...own, whole];
  if (own.length === 0) return [whole];
  const growth = own.reduce((sum, { perUpload }) => sum + Math.max(0, perUpload.estimate), 0);
  return whole.decisive && whole.perUpload.estimate > growth ? [whole] : own;
}

/** What the process holds at the first reading: the hunt's own uploads are not the traffic's. */
function memoryNow(findings: readonly Finding[]): number {
  const first = (name: ResourceName) =>
    findings.find(({ series }) => series.name === name)?.series.points[0]?.value;
  return first('rss') ?? first('anon') ?? first('heap') ?? 0;
}
