import { targetError } from '../errors.js';
import type { Probe, Sample } from './probe.js';

/**
 * Notices that a probe reads another process than before: by its identity, or by a counter that went back.
 */
export class SameProcess {
  readonly #identities = new Map<Probe, string>();
  readonly #counters = new Map<Probe, number>();

  /** Throws a target error if the probe now reads another process. */
  check(probe: Probe, { identity, counter }: Sample): void {
    const knownIdentity = this.#identities.get(probe);
    const lastCounter = this.#counters.get(probe);
    if (identity !== undefined) this.#identities.set(probe, identity);
    if (counter !== undefined) this.#counters.set(probe, counter);
    const changed = knownIdentity !== undefined && identity !== undefined && identity !== knownIdentity;
    const ranBack = lastCounter !== undefined && counter !== undefined && counter < lastCounter;
    if (changed || ranBack) {
      throw targetError(
        'TARGET_RESTARTED',
        'The target restarted during the hunt, so readings before and after it cannot be compared: find out why it exited, then hunt again.',
      );
    }
  }
}
