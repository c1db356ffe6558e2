import { messageOf } from '../errors.js';
import type { Probe, RawProfile, SourceName } from './probe.js';

/** A profile and the source that wrote it. */
export interface SourcedProfile extends RawProfile {
  source: SourceName;
}

/** The cheap way, after each reading, or the expensive one. */
export type ProfileRequest = 'profile' | 'dump';

/** A probe that failed this often in a row is not asked again: each attempt may cost its whole time limit. */
const mostFailures = 2;

/** Asks probes who holds what. One that fails adds nothing: its readings go on. */
export class Profiler {
  /** Sources without a usable profile, and why; one that succeeded at the next attempt is not among them. */
  readonly failed = new Map<SourceName, string>();
  readonly #failures: Record<ProfileRequest, Map<Probe, number>> = { profile: new Map(), dump: new Map() };

  async ask(probes: readonly Probe[], way: ProfileRequest): Promise<SourcedProfile[]> {
    const failures = this.#failures[way];
    const profiles: SourcedProfile[] = [];
    for (const probe of probes) {
      const before = failures.get(probe) ?? 0;
      if (!probe[way] || before >= mostFailures) continue;
      try {
        for (const raw of await probe[way]()) profiles.push({ ...raw, source: probe.source });
        if (before > 0) this.failed.delete(probe.source);
        failures.delete(probe);
      } catch (error) {
        failures.set(probe, before + 1);
        this.failed.set(probe.source, messageOf(error));
      }
    }
    return profiles;
  }
}
