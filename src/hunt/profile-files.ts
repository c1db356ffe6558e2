import type { ProfileFormat } from '../probes/probe.js';
import type { ResourceName } from '../probes/resources.js';
import { growthProfile } from '../verdict/growth-profile.js';
import type { ProfileLog } from './profiling.js';

/** A profile as the target wrote it, or one made of all of them. */
export interface ProfileFile {
  name: string;
  bytes: Uint8Array;
}

/** What each format's first and last are called; the ends are those that pprof, DevTools and speedscope know. */
const names: Partial<Record<ProfileFormat, [name: string, extension: string]>> = {
  'go-heap': ['heap', 'pb.gz'],
  'go-goroutine': ['goroutine', 'txt'],
  'v8-sampling': ['heap', 'heapprofile'],
  'jvm-histogram': ['class-histogram', 'txt'],
};

/** The first and the last profile of each kind, so that they can be compared by hand, and the growth between them. */
export function profileFiles(
  { first, last, table }: ProfileLog,
  leaks: readonly ResourceName[],
): ProfileFile[] {
  const growth = growthProfile(table, leaks);
  const raw = [...first].flatMap(([format, bytes]): ProfileFile[] => {
    const [name, extension] = names[format] ?? [];
    if (name === undefined) return [];
    return [
      { name: `${name}-first.${extension}`, bytes },
      { name: `${name}-last.${extension}`, bytes: last.get(format)! },
    ];
  });
  return growth ? [...raw, { name: 'growth.pb.gz', bytes: growth }] : raw;
}
