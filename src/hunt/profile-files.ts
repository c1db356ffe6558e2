import { gunzipSync, gzipSync } from 'node:zlib';
import type { ProfileFormat } from '../probes/probe.js';
import type { ResourceName } from '../probes/resources.js';
import type { Redactor } from '../secrets/redactor.js';
import { growthProfile } from '../verdict/culprits/growth-profile.js';
import type { ProfileLog } from './profiling.js';

/** A profile as the target wrote it, or one made from all of them. */
export interface ProfileFile {
  name: string;
  bytes: Uint8Array;
}

/** The size limit of an unpacked profile, in bytes. */
const largest = 256 * 2 ** 20;

/**
 * The names of each format's first and last profile; pprof, DevTools and speedscope know the file extensions.
 */
const names: Partial<Record<ProfileFormat, [name: string, extension: string]>> = {
  'go-heap': ['heap', 'pb.gz'],
  'go-goroutine': ['goroutine', 'txt'],
  'v8-sampling': ['heap', 'heapprofile'],
  'jvm-histogram': ['class-histogram', 'txt'],
  'jvm-native-memory': ['native-memory', 'txt'],
};

/**
 * The first and the last profile of each kind, so that they can be compared by hand, and the growth between
 * them.
 */
export function profileFiles(
  { first, last, table }: ProfileLog,
  leaks: readonly ResourceName[],
  redactor: Redactor,
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
  const files = growth ? [...raw, { name: 'growth.pb.gz', bytes: growth }] : raw;
  return files.map(({ name, bytes }) => ({ name, bytes: redacted(bytes, redactor) }));
}

/** A profile holds the names of the target's functions and files, and the target knows secrets. */
function redacted(bytes: Uint8Array, redactor: Redactor): Uint8Array {
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isPacked) return redactor.bytes(bytes);
  try {
    const plain = gunzipSync(bytes, { maxOutputLength: largest });
    const shown = redactor.bytes(plain);
    return shown === plain ? bytes : gzipSync(shown);
  } catch {
    // A profile that cannot be unpacked contains no readable names.
    return bytes;
  }
}
