import { resources } from '../probes/resources.js';
import type { Collector } from '../target/processes/collector.js';
import type { Finding } from './finding.js';
import { settledIn } from './judge-uploads.js';

/** What is known about the collections that a target makes at its own pace. */
export interface Collecting {
  collector?: Collector | undefined;
  /** Collections of the whole heap while the series was read, if they are counted. */
  collections?: number | undefined;
  processes: number;
}

/** Growth that goes on after this many collections is not garbage: each of them removed what there was. */
const fewestCollections = 5;

/**
 * Revokes the verdict on memory that is not known to have been through a collection, and the hope that more
 * uploads would decide it: garbage grows with every upload, as straight as a leak does. Growth is proof again
 * once it exceeds all the garbage that the runtime may keep.
 */
export function withoutGarbage(finding: Finding, { collector, collections, processes }: Collecting): Finding {
  const { moreUploads, ...found } = finding;
  const { series, verdict, reason, perUpload, margin } = finding;
  const seemsToGrow =
    verdict === 'inconclusive' && reason !== 'too-few-rounds' && perUpload.estimate > margin;
  if (!(verdict === 'leak' || seemsToGrow) || !resources[series.name].reclaimed?.includes('collection'))
    return finding;
  if (!collector && collections === undefined) return finding;
  if (collections !== undefined && collections >= fewestCollections) return finding;
  const settled = settledIn(series.points);
  const [first, last] = [settled[0]!.value / processes, settled.at(-1)!.value / processes];
  if (collector && series.unit === 'bytes' && outgrows(collector, first, last)) return finding;
  return { ...found, verdict: 'inconclusive', reason: 'not-collected' };
}

/** The least heap size at which Go collects, at GOGC=100. Source: Go's runtime, `heapMinimum`. */
const leastGoHeap = 4 * 2 ** 20;

/** Whether memory has grown by more than all the garbage that may be in it. */
export function outgrows({ limit, percent }: Collector, first: number, last: number): boolean {
  const garbage = percent === undefined ? limit : (Math.max(first, leastGoHeap) * percent) / 100;
  return last - first > Math.min(garbage, limit);
}
