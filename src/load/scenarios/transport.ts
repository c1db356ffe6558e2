import type { Response } from '../http/response.js';
import type { Receiver, Transport } from '../http/transport.js';
import type { UploadRequest } from '../request.js';
import { Exchange } from './exchange.js';
import { type PlanOptions, plansOf, type UploadScript } from './plan.js';
import type { Misbehaving } from './timing.js';

/**
 * The transports of a scenario, one for each `UploadClient`; `scenarioOutcome` interprets their outcomes.
 * What is sent is made once and shared. For a body that the scenario cannot spoil, every upload fails with
 * the usage error that `plansOf` throws.
 */
export function misbehavingTransports(
  scenario: Misbehaving,
  request: UploadRequest,
  options?: PlanOptions,
): (receiver: Receiver) => Transport {
  const plans = plansOf(scenario, request, options);
  plans.catch(() => {}); // each upload reports it
  return receiver => new MisbehavingTransport(request, plans, receiver);
}

/** Carries the uploads of one client, each on a connection of its own. */
class MisbehavingTransport implements Transport {
  readonly #request: UploadRequest;
  readonly #plans: Promise<(serial: number) => UploadScript>;
  readonly #receiver: Receiver;
  #current: Exchange | undefined;

  constructor(request: UploadRequest, plans: Promise<(serial: number) => UploadScript>, receiver: Receiver) {
    this.#request = request;
    this.#plans = plans;
    this.#receiver = receiver;
  }

  send(url: URL, serial: number, cookie?: string): void {
    this.#perform(url, serial, cookie).then(
      answer => this.#receiver.onAnswer(answer),
      (error: Error) => this.#receiver.onFailure(error, false),
    );
  }

  async #perform(url: URL, serial: number, cookie?: string): Promise<Response> {
    const exchange = new Exchange();
    this.#current = exchange;
    const plan = (await this.#plans)(serial);
    return exchange.perform(url, this.#request, plan, plan.headTo(url, serial, cookie), serial);
  }

  cancel(error: Error): void {
    this.#current?.close(error);
  }

  close(error: Error): void {
    this.#current?.close(error);
  }
}
