import { type ClassSummary, keyOf } from '../../profiles/v8/classes.js';
import { studentUpperQuantile } from '../../statistics/student.js';
import type { Interval } from '../verdict.js';

/** The classes of one snapshot. */
export interface ClassesAt {
  /** Uploads completed so far. */
  uploads: number;
  classes: readonly ClassSummary[];
}

/** The growth of one class. */
export interface ClassGrowth {
  name: string;
  file?: string;
  line?: number;
  /** Objects per upload. */
  instances: Interval;
  /** Bytes per upload, on V8's heap and outside of it. */
  bytes: Interval;
  outside: Interval;
}

/** The confidence of the two-sided interval. */
const confidence = 0.95;

/**
 * How much each class grew per upload over a series of snapshots of one process: first those that surely
 * grew, those with the most bytes first. The intervals are Student's, from the increments between the
 * snapshots; with two snapshots, one increment, they have no bounds. A class that a snapshot does not name
 * had no objects then.
 */
export function growthByClass(snapshots: readonly ClassesAt[]): ClassGrowth[] {
  const known = new Map<string, ClassSummary>();
  const counts = snapshots.map(({ classes }) => {
    const byKey = new Map(classes.map(each => [keyOf(each), each]));
    for (const [key, each] of byKey) if (!known.has(key)) known.set(key, each);
    return byKey;
  });
  const uploads = snapshots.map(each => each.uploads);
  const growth = [...known].map(([key, { name, file, line }]) => {
    const amount = (of: 'instances' | 'bytes' | 'outside') =>
      perUpload(
        uploads,
        counts.map(each => each.get(key)?.[of] ?? 0),
      );
    return {
      name,
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line }),
      instances: amount('instances'),
      bytes: amount('bytes'),
      outside: amount('outside'),
    };
  });
  return growth.sort((a, b) => Number(isSure(b)) - Number(isSure(a)) || allBytes(b) - allBytes(a));
}

/** Compiled code and V8's tables come and go by kilobytes: that is noise, however large. */
function isSure({ instances, bytes, outside }: ClassGrowth): boolean {
  return instances.low > 0 || bytes.low > 0 || outside.low > 0;
}

function allBytes({ bytes, outside }: ClassGrowth): number {
  return bytes.estimate + outside.estimate;
}

/**
 * The growth per upload if each upload adds independently of the others: the increments' variance is then
 * proportional to the uploads between them. If all increments have equally many uploads, it is the t interval
 * of their mean.
 */
function perUpload(uploads: readonly number[], values: readonly number[]): Interval {
  const steps = values.slice(1).map((value, i) => ({
    grown: value - values[i]!,
    uploads: uploads[i + 1]! - uploads[i]!,
  }));
  const all = steps.reduce((sum, step) => sum + step.uploads, 0);
  if (!(all > 0)) return { estimate: 0, low: -Infinity, high: Infinity };
  const estimate = steps.reduce((sum, step) => sum + step.grown, 0) / all;
  const freedom = steps.length - 1;
  if (freedom < 1) return { estimate, low: -Infinity, high: Infinity };
  const squares = steps.reduce(
    (sum, step) => sum + (step.grown - estimate * step.uploads) ** 2 / step.uploads,
    0,
  );
  const error = studentUpperQuantile((1 - confidence) / 2, freedom) * Math.sqrt(squares / freedom / all);
  return { estimate, low: estimate - error, high: estimate + error };
}
