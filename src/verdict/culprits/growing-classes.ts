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
 * The classes that surely grow, each as a part of the leak that it belongs to: a class whose bytes lie
 * outside of the heap belongs to the leak of buffers, if they leak, and any other to that of the heap.
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
    .filter(({ name, bytes, instances }) => bytes.low > 0 && instances.estimate > 0 && !v8sOwn.has(name))
    .flatMap(({ name, file, line, bytes, instances }): GrowingClass[] => {
      const leak = (isBuffer(name) && buffers) || heap || buffers;
      if (!leak) return [];
      const share = bytes.estimate / leak.perUpload.estimate;
      const site = { function: name, file, line };
      if (share < leastShare) return [];
      const resource = leak.series.name;
      return [{ resource, kind: 'class', site, stack: [site], perUpload: bytes, instances, share }];
    })
    .slice(0, mostClasses);
}

/** Node's Buffer, typed arrays and what they are views of: their bytes lie outside of the heap. */
function isBuffer(name: string): boolean {
  return /^(?:Buffer|FastBuffer|(?:Shared)?ArrayBuffer|DataView|\w+Array)$/.test(name);
}
