import type { ProfileFormat, RawProfile } from '../probes/probe.js';
import { descriptors } from './descriptors.js';
import type { Profile } from './frame.js';
import { goGoroutines } from './go/goroutines.js';
import { goHeap } from './go/heap.js';
import { jvmHistogram } from './jvm/histogram.js';
import { nativeMemory } from './jvm/native-memory.js';
import { pythonSites } from './python/sites.js';
import { v8Sampling } from './v8/sampling.js';

/** The reader for each format of profile that shows who holds what at one moment. */
const decoders: Partial<Record<ProfileFormat, (bytes: Uint8Array) => Profile[]>> = {
  'go-heap': goHeap,
  'go-goroutine': goGoroutines,
  'v8-sampling': v8Sampling,
  'jvm-histogram': jvmHistogram,
  'jvm-native-memory': nativeMemory,
  'python-sites': pythonSites,
  descriptors,
};

/**
 * The profiles, one per resource, in a source's output. Throws a `LeakhuntError` for anything that is not a
 * profile.
 */
export function profilesIn({ format, bytes }: RawProfile): Profile[] {
  return decoders[format]?.(bytes) ?? [];
}
