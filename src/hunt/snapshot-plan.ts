import type { SnapshotProbe } from '../probes/reader.js';
import type { Reading } from '../probes/reading.js';
import type { ResourceName } from '../probes/resources.js';

/** Seconds that all snapshots of a hunt may take: a target that stands still is no use to anybody. */
const longestInAll = 60;
/** Rounds between the first snapshot and the last: three increments tell growth from chance, two do at the least. */
const mostRounds = 3;
const leastRounds = 2;

/** How many rounds of uploads there is time for, with a snapshot before, between and after them; 0 where too few. */
export function snapshotRounds(seconds: number, left: number): number {
  const snapshots = Math.floor(Math.min(longestInAll, left) / seconds);
  return snapshots - 1 < leastRounds ? 0 : Math.min(mostRounds, snapshots - 1);
}

/** Of several processes of a target, those that the leaks are in: what one is larger than a tenth of what the largest grew by. */
export function leakingProbes(
  probes: readonly SnapshotProbe[],
  readings: readonly Reading[],
  leaks: readonly ResourceName[],
): SnapshotProbe[] {
  if (probes.length < 2) return [...probes];
  const [first, last] = [readings[0]?.replicas, readings.at(-1)?.replicas];
  const grown = (endpoint: string) =>
    leaks.reduce((sum, name) => sum + (last?.[endpoint]?.[name] ?? 0) - (first?.[endpoint]?.[name] ?? 0), 0);
  const most = Math.max(...probes.map(({ endpoint }) => grown(endpoint)));
  return probes.filter(({ endpoint }) => grown(endpoint) >= smallPart * most);
}

const smallPart = 0.1;
