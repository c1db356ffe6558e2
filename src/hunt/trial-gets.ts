import { Agent, request } from 'undici';
import { codeOf } from '../errors.js';
import type { Trial } from '../target/follow.js';

/** Where nothing is to be uploaded: GET requests to the same address, which a forwarder hands on alike. */
export class TrialGets implements Trial {
  readonly #answers: string[] = [];

  constructor(
    readonly url: URL,
    readonly options: { connectTimeout: number; insecure: boolean },
  ) {}

  async send(count: number): Promise<void> {
    const { insecure, connectTimeout } = this.options;
    const dispatcher = new Agent({
      connect: { rejectUnauthorized: !insecure, timeout: connectTimeout * 1000 },
    });
    const limits = { headersTimeout: 5_000, bodyTimeout: 5_000 };
    const get = async () => {
      const { statusCode, body } = await request(this.url, { dispatcher, ...limits });
      await body.dump();
      return String(statusCode);
    };
    const answers = Array.from({ length: count }, () => get().catch(error => codeOf(error) ?? 'no answer'));
    this.#answers.push(...(await Promise.all(answers)));
    await dispatcher.close();
  }

  /** A server that takes uploads alone answers 404 or 405, and has answered. */
  get taken(): boolean {
    return this.#answers.some(answer => /^[234]\d\d$/.test(answer));
  }

  outcome(): string {
    return `${this.#answers.length} GET requests, answered ${[...new Set(this.#answers)].join(', ')}`;
  }
}
