import { messageOf, targetError } from '../errors.js';
import { sources } from './catalogue.js';
import { Patience } from './patience.js';
import type { Probe, SourceName } from './probe.js';

/** The probes of a target, without those that stopped answering. */
export class LiveProbes {
  /** Failed attempts by source; a second attempt made up for each. */
  readonly retries: Partial<Record<SourceName, number>> = {};
  /** Probes that stopped answering while others went on, and why: their series end there. */
  readonly lost: { source: SourceName; why: string }[] = [];
  readonly #patience = new Patience();
  #probes: readonly Probe[];

  constructor(probes: readonly Probe[]) {
    this.#probes = probes;
  }

  get all(): readonly Probe[] {
    return this.#probes;
  }

  /**
   * Tries twice. A probe that fails both times is given up; if it was the last one or read the process
   * itself, the target is lost: throws a target error.
   */
  async attempt<Result>(
    probe: Probe,
    kind: 'collect' | 'read',
    ask: () => Promise<Result>,
  ): Promise<Result | undefined> {
    const attempt = () => (probe.paced ? ask() : this.#patience.wait(probe, kind, ask));
    try {
      return await attempt();
    } catch {
      this.retries[probe.source] = (this.retries[probe.source] ?? 0) + 1;
    }
    try {
      return await attempt();
    } catch (error) {
      this.#probes = this.#probes.filter(each => each !== probe);
      if (sources[probe.source]?.isProcess || this.#probes.length === 0) throw lostTarget(error);
      this.lost.push({ source: probe.source, why: messageOf(error) });
      await probe.close?.();
      return undefined;
    }
  }
}

function lostTarget(error: unknown): Error {
  return targetError(
    'TARGET_LOST',
    `The target could no longer be read during the hunt. ${messageOf(error)}`,
    {
      cause: error,
    },
  );
}
