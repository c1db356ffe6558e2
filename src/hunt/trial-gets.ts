import { codeOf } from '../errors.js';
import type { DialOptions } from '../net/dial-options.js';
import { get } from '../net/get.js';
import type { Trial } from '../target/locate/over-connections.js';

/** The time limit of one request (ms). */
const longest = 10_000;

/**
 * If nothing is to be uploaded: GET requests to the same address, which a forwarder hands on in the same way.
 */
export class TrialGets implements Trial {
  readonly #answers: string[] = [];

  constructor(
    readonly url: URL,
    readonly options: DialOptions,
  ) {}

  async send(count: number): Promise<void> {
    const answer = async () => {
      const { statusCode, body } = await get(this.url, this.options, {
        signal: AbortSignal.timeout(longest),
      });
      await body.dump();
      return String(statusCode);
    };
    const answers = Array.from({ length: count }, () =>
      answer().catch(error => codeOf(error) ?? 'no answer'),
    );
    this.#answers.push(...(await Promise.all(answers)));
  }

  /** A server that only takes uploads answers 404 or 405, which is an answer, too. */
  get taken(): boolean {
    return this.#answers.some(answer => /^[234]\d\d$/.test(answer));
  }

  outcome(): string {
    return `${this.#answers.length} GET requests, answered ${[...new Set(this.#answers)].join(', ')}`;
  }
}
