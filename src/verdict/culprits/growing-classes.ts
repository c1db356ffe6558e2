import { isHeap, isPartOf } from '../../probes/resource-questions.js';
import { resources } from '../../probes/resources.js';
import type { Finding } from '../finding.js';
import type { Interval } from '../verdict.js';
import type { ClassGrowth } from './class-growth.js';
import type { GrowingSite } from './culprits.js';

const leastShare = 0.01;
const mostClasses = 20;

/** What V8 keeps for itself: it comes and goes with compiled code. */
const v8sOwn = new Set(['(system)', '(compiled code)', '(object shape)']);

/** A class with more objects after every upload. */
export interface GrowingClass extends GrowingSite {
  instances: Interval;
}

/**
 * The classes that surely grow, each as a part of the leak that it belongs to: by its bytes outside of the heap to
 * that of buffers, by those on the heap to that of the heap. A class may be a part of both; no byte is.
 */
export function growingClasses(growth: readonly ClassGrowth[], findings: readonly Finding[]): GrowingClass[] {
  const leaks = findings.filter(({ verdict }) => verdict === 'leak');
  const ofBuffers = leaks.filter(({ series }) => resources[series.name].family === 'buffers');
  // A resource that is part of another is nearer to the objects that hold it.
  const buffers = ofBuffers.find(({ series }) =>
    ofBuffers.every(other => !isPartOf(other.series.name, series.name)),
  );
  const heap = leaks.find(({ series }) => isHeap(series.name));
  return growth
    .filter(({ name, instances }) => instances.estimate > 0 && !v8sOwn.has(name) && !isNodesOwn(name))
    .flatMap(each => [...partOf(buffers, each, each.outside), ...partOf(heap, each, each.bytes)])
    .sort((a, b) => b.perUpload.estimate - a.perUpload.estimate)
    .slice(0, mostClasses);
}

/** Memory of Node's own native code, which V8 is told of and counts nowhere: `Node / TCPSocketWrap`. */
function isNodesOwn(name: string): boolean {
  return name.startsWith('Node / ');
}

function partOf(
  leak: Finding | undefined,
  { name, file, line, instances }: ClassGrowth,
  perUpload: Interval,
): GrowingClass[] {
  if (!leak || perUpload.low <= 0) return [];
  const share = perUpload.estimate / leak.perUpload.estimate;
  if (share < leastShare) return [];
  const site = { function: name, file, line };
  return [{ resource: leak.series.name, kind: 'class', site, stack: [site], perUpload, instances, share }];
}
