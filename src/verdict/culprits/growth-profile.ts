import type { ResourceName } from '../../probes/resources.js';
import type { Frame, Profile } from '../../profiles/frame.js';
import type { SiteHistory } from '../../profiles/history.js';
import { encodePprof } from '../../profiles/pprof/encode.js';
import { trendOf } from '../../statistics/trend.js';

/** The values of each stack in the growth profile, by the names in Go's own profiles. */
const columns: { resource: Profile['resource']; type: string; unit: string }[] = [
  { resource: 'churn', type: 'alloc_space', unit: 'bytes' },
  { resource: 'goroutines', type: 'goroutine', unit: 'count' },
  { resource: 'heap-objects', type: 'inuse_objects', unit: 'count' },
  { resource: 'heap', type: 'inuse_space', unit: 'bytes' },
];

/**
 * The growth of every stack per upload, as a gzipped profile.proto that `go tool pprof` and speedscope open;
 * values are rounded to whole bytes and objects; tools show the first of the `leaks` first. Undefined if no
 * profile shows stacks.
 */
export function growthProfile(
  table: SiteHistory,
  leaks: readonly ResourceName[] = [],
): Uint8Array | undefined {
  const shown = columns.filter(({ resource }) => table.uploadsOf(resource).length > 2);
  const rows = new Map<readonly Frame[], number[]>();
  for (const [column, { resource }] of shown.entries()) {
    const uploads = table.uploadsOf(resource);
    for (const { kind, stacks } of table.sitesOf(resource)) {
      if (kind === 'class' || kind === 'descriptors') continue;
      for (const { stack, values } of stacks) {
        const row = rows.get(stack) ?? new Array<number>(shown.length).fill(0);
        row[column] = trendOf(uploads, values).slope;
        rows.set(stack, row);
      }
    }
  }
  if (rows.size === 0) return undefined;
  const first = leaks.find(leak => shown.some(({ resource }) => resource === leak));
  return encodePprof({
    defaultSampleType: shown.find(({ resource }) => resource === first)?.type,
    sampleTypes: shown.map(({ type, unit }) => ({ type, unit })),
    rows: [...rows].map(([stack, values]) => ({ stack, values })),
    comments: ['Values are growth per upload, fitted over all readings by leakhunt.'],
  });
}
