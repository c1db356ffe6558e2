import { messageOf } from '../errors.js';
import type { ProfileFormat, SourceName } from '../probes/probe.js';
import type { SourcedProfile } from '../probes/profiler.js';
import type { Reading } from '../probes/reading.js';
import type { ResourceName } from '../probes/resources.js';
import type { Profile } from '../profiles/frame.js';
import { SiteHistory } from '../profiles/history.js';
import { profilesIn } from '../profiles/index.js';
import type { Margins } from '../verdict/margins.js';
import type { PlannedRound } from './schedule.js';

/** Rounds between two profiles of resources that do not grow: the first and the last show their churn. */
const seldom = 4;

/**
 * The sources to ask for a profile after a reading: those of resources that have grown by more than their
 * margin since the first judged reading, and now and then all. A profile costs as much as the reading, and
 * tells nothing about what does not grow.
 */
export function worthAsking(
  judged: readonly Reading[],
  { round, look }: Pick<PlannedRound, 'round' | 'look'>,
  { margins, sourceOf }: { margins: Margins; sourceOf: ReadonlyMap<ResourceName, SourceName> },
): ReadonlySet<SourceName> {
  const [first, last] = [judged[0], judged.at(-1)];
  if (!first || !last) return new Set();
  const isTurn = judged.length === 1 || look || (last.kind === 'upload' && round % seldom === 0);
  const grown = [...sourceOf].filter(([name]) => {
    const [before, after] = [first.values[name], last.values[name]];
    const uploads = last.uploads - first.uploads;
    return before !== undefined && after !== undefined && after - before > margins[name] * uploads;
  });
  return new Set((isTurn ? [...sourceOf] : grown).map(([, source]) => source));
}

/**
 * The profiles of a hunt: what each site held after each reading, and the first and the last as they came.
 */
export class ProfileLog {
  readonly table = new SiteHistory();
  readonly sources = new Map<Profile['resource'], SourceName>();
  /** Sources whose profiles could not be understood, and why. */
  readonly unread = new Map<SourceName, string>();
  readonly first = new Map<ProfileFormat, Uint8Array>();
  readonly last = new Map<ProfileFormat, Uint8Array>();

  /** Adds the profiles of one reading; those of the warm-up are not judged, as its readings are not. */
  add({ kind, uploads }: Reading, raw: readonly SourcedProfile[]): void {
    if (kind !== 'upload' && kind !== 'blank') return;
    const profiles = raw.flatMap(each => this.#read(each));
    if (profiles.length > 0) this.table.add(uploads, profiles);
  }

  #read(raw: SourcedProfile): Profile[] {
    try {
      const profiles = profilesIn(raw);
      if (!this.first.has(raw.format)) this.first.set(raw.format, raw.bytes);
      this.last.set(raw.format, raw.bytes);
      for (const { resource } of profiles) this.sources.set(resource, raw.source);
      return profiles;
    } catch (error) {
      this.unread.set(raw.source, messageOf(error));
      return [];
    }
  }
}
