import { resources } from '../probes/resources.js';
import type { Collector } from '../target/processes/collector.js';
import type { Finding } from './finding.js';
import { settledIn } from './judge-uploads.js';

/** What is known of the collections that a target makes when it pleases. */
export interface Collecting {
  collector?: Collector | undefined;
  /** Collections of the whole heap while the series was read, where they are counted. */
  collections?: number | undefined;
  processes: number;
}

/** After so many collections growth that goes on is not garbage: each of them has taken away what was. */
const fewestCollections = 5;

/**
 * Takes back the verdict on memory that no collection is known to have been through, and the hope that more uploads
 * would decide it: garbage grows with every upload, as straight as a leak does. Growth is proof again once it has
 * outgrown all the garbage that the runtime may keep.
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

/** The least that Go lets a heap grow to before it collects, at GOGC=100. Source: Go's runtime, `heapMinimum`. */
const leastGoHeap = 4 * 2 ** 20;

/** Whether memory has grown by more than all the garbage that may lie in it. */
export function outgrows({ limit, percent }: Collector, first: number, last: number): boolean {
  const garbage = percent === undefined ? limit : (Math.max(first, leastGoHeap) * percent) / 100;
  return last - first > Math.min(garbage, limit);
}
