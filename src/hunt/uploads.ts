import { latencyOf } from '../load/latency.js';
import type { UploadRequest } from '../load/request.js';
import type { RoundResult } from '../load/round.js';
import type { Scenario } from '../load/scenario.js';
import type { PlannedRound } from './schedule.js';

/** What a scenario uploads, round by round. */
export class Uploads {
  /** What a complete upload takes, in ms, once that is known: a misbehaving one waits for the server that long. */
  #typical: number | undefined;

  constructor(
    /** One of each size, smallest or not. */
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
   * The request of a round. Uploads that misbehave begin with a warm-up round (`first`) that does not: it shows that
   * the server takes the upload at all, and how long that takes. One that never answers them, such as a proxy before a
   * slow job, is not waited for longer than for a connection.
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

  /** Takes note of how long the uploads of a round took. */
  learn({ scenario }: UploadRequest, { latency, completed }: RoundResult): void {
    const complete = scenario === undefined || scenario.kind === 'complete';
    if (complete && completed > 0) this.#typical = latencyOf(latency).p50;
  }
}
