import type { UploadRequest } from '../load/request.js';
import { runRound } from '../load/round.js';
import { mostConnections } from '../net/open-files.js';
import type { Trial } from '../target/locate/over-connections.js';
import type { Plan } from './plan.js';

/** Bytes. */
const mostInFlight = 8e6;

/** Uploads before the first reading, like those of the warm-up, sent only if a forwarder holds the port. */
export class TrialUploads implements Trial {
  #sent = 0;
  readonly #answers = new Map<string, number>();

  constructor(
    readonly request: UploadRequest,
    readonly plan: Pick<Plan, 'concurrency'>,
    readonly signal?: AbortSignal,
  ) {}

  /** 0 if none was needed. */
  get sent(): number {
    return this.#sent;
  }

  async send(count: number, atOnce: boolean): Promise<void> {
    // They are sent from this thread and at once: their effects are looked for while they last.
    const request = {
      ...this.request,
      workers: 1,
      duration: undefined,
      rate: undefined,
      thinkTime: undefined,
    };
    const concurrency = Math.min(count, atOnce ? this.#most() : this.plan.concurrency);
    const { sent, statuses, errors } = await runRound(request, count, concurrency, this.signal);
    this.#sent += sent;
    for (const [answer, times] of [...Object.entries(statuses), ...Object.entries(errors)]) {
      this.#answers.set(answer, (this.#answers.get(answer) ?? 0) + times);
    }
  }

  /** Ten times the hunt's own concurrency, but no more than a server handles with ease. */
  #most(): number {
    const { concurrency } = this.plan;
    const fitting = Math.floor(mostInFlight / this.request.body.size);
    return Math.max(concurrency, Math.min(10 * concurrency, fitting, mostConnections()));
  }

  get taken(): boolean {
    return [...this.#answers.keys()].some(answer => /^2\d\d$/.test(answer));
  }

  outcome(): string {
    const answers = [...this.#answers].map(([answer, times]) => `${answer} ${times} times`);
    return `${this.#sent} uploads, answered ${answers.join(', ')}`;
  }
}
