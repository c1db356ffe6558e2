import type { ProfileFormat, RawProfile } from '../probes/probe.js';
import { descriptors } from './descriptors.js';
import type { Profile } from './frame.js';
import { goGoroutines } from './go/goroutines.js';
import { goHeap } from './go/heap.js';
import { jvmHistogram } from './jvm/histogram.js';
import { pythonSites } from './python/sites.js';
import { v8Sampling } from './v8/sampling.js';

/** What reads each form of profile that shows who holds what at one moment. */
const decoders: Partial<Record<ProfileFormat, (bytes: Uint8Array) => Profile[]>> = {
  'go-heap': goHeap,
  'go-goroutine': goGoroutines,
  'v8-sampling': v8Sampling,
  'jvm-histogram': jvmHistogram,
  'python-sites': pythonSites,
  descriptors,
};

/** The profiles, one per resource, in what a source wrote. Throws a `LeakhuntError` for what is no profile. */
export function profilesIn({ format, bytes }: RawProfile): Profile[] {
  return decoders[format]?.(bytes) ?? [];
}
