import { messageOf } from '../errors.js';
import type { ProfileFormat, SourceName } from '../probes/probe.js';
import type { SourcedProfile } from '../probes/profiler.js';
import type { Reading } from '../probes/reading.js';
import { profilesIn } from '../profiles/index.js';
import type { Profile } from '../profiles/site.js';
import { SiteTable } from '../profiles/site-table.js';

/** The profiles of a hunt: what each site held after each reading, and the first and the last as they came. */
export class ProfileLog {
  readonly table = new SiteTable();
  readonly sources = new Map<Profile['resource'], SourceName>();
  /** Sources whose profiles could not be understood, and why. */
  readonly unread = new Map<SourceName, string>();
  readonly first = new Map<ProfileFormat, Uint8Array>();
  readonly last = new Map<ProfileFormat, Uint8Array>();

  /** Takes in the profiles that belong to one reading; those of warm-up are not judged, as its readings are not. */
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
