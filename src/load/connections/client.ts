import { codeOf, LeakhuntError, messageOf } from '../../errors.js';
import { codedError } from '../../net/coded-error.js';
import { CookieJar } from '../http/cookies.js';
import { Http1Transport } from '../http/http1.js';
import { Http2Transport } from '../http/http2.js';
import { Http2Sessions } from '../http/http2-sessions.js';
import { messagesOf } from '../http/message.js';
import type { Outcome } from '../http/outcome.js';
import type { Response } from '../http/response.js';
import type { Receiver, Transport } from '../http/transport.js';
import type { UploadRequest } from '../request.js';
import { misbehavingTransports } from '../scenarios/transport.js';

/** Called with the outcome of an upload; `resent` if it had to be sent again on a fresh connection. */
export type OnOutcome = (outcome: Outcome, resent: boolean) => void;

const mostRedirects = 10;

/** Sends uploads one after another and follows their redirects; reports each once. */
export class UploadClient implements Receiver {
  readonly #request: UploadRequest;
  readonly #transport: Transport;
  readonly #onOutcome: OnOutcome;
  /** When the upload in flight is overdue (ms, as `awake.now()`). */
  #deadline = Number.POSITIVE_INFINITY;
  #serial = 0;
  #url: URL;
  #redirects = 0;
  #resent = false;
  #jar: CookieJar | undefined;

  constructor(request: UploadRequest, transportFor: (receiver: Receiver) => Transport, onOutcome: OnOutcome) {
    this.#request = request;
    this.#url = request.url;
    this.#onOutcome = onOutcome;
    this.#transport = transportFor(this);
  }

  /**
   * Sends one upload and never a second one in its place, with one exception: see `onFailure`. `now` is its
   * start. The outcome is reported later, never before this returns.
   */
  upload(serial: number, now: number): void {
    this.#deadline = now + this.#request.maxTime * 1000;
    this.#serial = serial;
    this.#url = this.#request.url;
    this.#redirects = 0;
    this.#resent = false;
    this.#jar = undefined;
    this.#send();
  }

  /** Breaks off the upload in flight if its time is up. */
  checkTime(now: number): void {
    if (now < this.#deadline) return;
    this.#transport.cancel(codedError('TIMEOUT', `no complete response within ${this.#request.maxTime} s`));
  }

  /** Closes every connection: a kept-alive one is memory in the target. */
  close(): void {
    this.#transport.close(codedError('INTERRUPTED', 'broken off'));
  }

  onAnswer(answer: Response): void {
    const to = this.#request.location ? redirectOf(answer, this.#url) : undefined;
    if (!to) this.#tell(answer);
    else if (this.#redirects === mostRedirects) {
      this.#tell({ error: 'TOO_MANY_REDIRECTS', message: `more than ${mostRedirects} redirects` });
    } else {
      this.#redirects += 1;
      if (this.#request.cookieEngine && answer.cookies) {
        this.#jar ??= new CookieJar();
        this.#jar.take(answer.cookies, this.#url);
      }
      this.#url = to;
      this.#send();
    }
  }

  /**
   * A server may close an idle connection just when an upload is on its way: that upload is sent again, once.
   */
  onFailure(error: Error, raced: boolean): void {
    if (raced && !this.#resent) {
      this.#resent = true;
      this.#send();
    } else {
      const fatal = error instanceof LeakhuntError ? error : undefined;
      this.#tell({ error: codeOf(error) ?? 'FAILED', message: messageOf(error), fatal });
    }
  }

  #send(): void {
    try {
      this.#transport.send(this.#url, this.#serial, this.#jar?.headerTo(this.#url));
    } catch (error) {
      queueMicrotask(() => this.onFailure(error as Error, false));
    }
  }

  #tell(outcome: Outcome): void {
    this.#deadline = Number.POSITIVE_INFINITY;
    this.#onOutcome(outcome, this.#resent);
  }
}

/** Where a response redirects the upload. */
function redirectOf({ status, location }: Response, from: URL): URL | undefined {
  if ((status !== 307 && status !== 308) || location === undefined || !URL.canParse(location, from.href)) {
    return undefined;
  }
  const to = new URL(location, from);
  return to.protocol === 'http:' || to.protocol === 'https:' ? to : undefined;
}

/** Creates the transports of a round, one for each client; what they share is made once. */
export function transportsOf(request: UploadRequest): (receiver: Receiver) => Transport {
  const { scenario } = request;
  if (scenario && scenario.kind !== 'complete' && scenario.kind !== 'reject') {
    return misbehavingTransports(scenario, request, { typical: request.typical });
  }
  if (request.http2) {
    const sessions = new Http2Sessions(request);
    return receiver => new Http2Transport(request, sessions, receiver);
  }
  const messageTo = messagesOf(request);
  return receiver => new Http1Transport(request, messageTo, receiver);
}
