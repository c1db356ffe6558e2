import { latencyOf } from '../load/latency.js';
import type { UploadRequest } from '../load/request.js';
import type { RoundResult } from '../load/round.js';
import type { Scenario } from '../load/scenario.js';
import type { PlannedRound } from './schedule.js';

/** What a scenario uploads, round by round. */
export class Uploads {
  /**
   * How long a complete upload takes (ms), once that is known: a misbehaving one waits this long for the
   * server.
   */
  #typical: number | undefined;

  constructor(
    /** One for each size, in any order. */
    readonly requests: readonly UploadRequest[],
    readonly scenario: Scenario,
    typical?: number,
  ) {
    this.#typical = typical;
  }

  get sizes(): number {
    return this.requests.length;
  }

  get typical(): number | undefined {
    return this.#typical;
  }

  /**
   * The request of a round. Misbehaving uploads begin with a warm-up round (`first`) of complete ones: it
   * shows that the server takes the upload at all, and how long that takes. If the server never answers
   * those, such as a proxy before a slow job, it is waited for no longer than for a connection.
   */
  requestOf({ kind, size }: PlannedRound, first: boolean): UploadRequest {
    const request = this.requests[size]!;
    const { scenario } = this;
    const behaves = scenario.kind === 'complete' || scenario.kind === 'reject';
    if (first && kind === 'warm-up' && !behaves) {
      return { ...request, trial: true, maxTime: Math.min(request.maxTime, request.connectTimeout) };
    }
    return { ...request, scenario, typical: this.#typical };
  }

  /** Records how long the uploads of a round took. */
  learn({ scenario }: UploadRequest, { latency, completed }: RoundResult): void {
    const complete = scenario === undefined || scenario.kind === 'complete';
    if (complete && completed > 0) this.#typical = latencyOf(latency).p50;
  }
}
