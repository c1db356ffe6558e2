import type { IncomingHttpHeaders } from 'node:http';
import { Agent, type Dispatcher } from 'undici';
import { codeOf, messageOf } from '../errors.js';
import type { Body } from './body.js';

/** How one upload is sent. */
export interface UploadRequest {
  url: URL;
  method: string;
  /** Name and value in turn, in the order they are sent. */
  headers: string[];
  body: Body;
  /** Limit of one upload from its start to the end of the answer, in seconds. */
  maxTime: number;
  /** Limit for opening a connection, in seconds. */
  connectTimeout: number;
  /** Accept any certificate. */
  insecure: boolean;
  /** Follow 307 and 308 by sending the body again. */
  location: boolean;
}

/** What became of one upload: an answer, whatever its status, or the code of the error in its place. */
export type Outcome = { status: number; firstLine?: string } | { error: string; message: string };

const mostRedirects = 10;
const longestLine = 200;

/** Sends uploads over kept-alive connections, at most `connections` of them. */
export class UploadClient {
  readonly #agent: Agent;
  readonly #request: UploadRequest;

  constructor(request: UploadRequest, connections: number) {
    this.#request = request;
    this.#agent = new Agent({
      connections,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { rejectUnauthorized: !request.insecure, timeout: request.connectTimeout * 1000 },
    });
  }

  /** Sends one upload and never a second one in its place; never rejects. */
  upload(): Promise<Outcome> {
    return this.#send(this.#request.url, mostRedirects);
  }

  /** Closes every connection: a kept-alive one is memory in the target. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #send(url: URL, redirectsLeft: number): Promise<Outcome> {
    const { location: follow } = this.#request;
    const answer = await this.#dispatch(url);
    if (!('status' in answer) || !follow || (answer.status !== 307 && answer.status !== 308)) return answer;
    const { location } = answer;
    if (location === undefined || !URL.canParse(location, url.href)) return { status: answer.status };
    if (redirectsLeft === 0) {
      return { error: 'TOO_MANY_REDIRECTS', message: `more than ${mostRedirects} redirects` };
    }
    return this.#send(new URL(location, url), redirectsLeft - 1);
  }

  #dispatch(url: URL): Promise<Outcome & { location?: string }> {
    const { method, headers, body, maxTime } = this.#request;
    return new Promise(resolve => {
      const content = body.open();
      let abort: ((reason: Error) => void) | undefined;
      const timer = setTimeout(() => {
        const reason = new Error(`no complete answer within ${maxTime} s`);
        settle({ error: 'TIMEOUT', message: reason.message });
        abort?.(reason);
      }, maxTime * 1000);

      function settle(outcome: Outcome & { location?: string }) {
        clearTimeout(timer);
        if (!Buffer.isBuffer(content)) content.destroy();
        resolve(outcome);
      }

      this.#agent.dispatch(
        {
          origin: url.origin,
          path: url.pathname + url.search,
          method: method as Dispatcher.HttpMethod,
          headers,
          body: content,
        },
        new AnswerReader(settle, controllerAbort => {
          abort = controllerAbort;
        }),
      );
    });
  }
}

/** Reads an answer to its end, keeps its status and the first line of a refusal, and throws the rest away. */
class AnswerReader implements Dispatcher.DispatchHandler {
  #status = 0;
  #location: string | undefined;
  #text = '';

  constructor(
    readonly settle: (outcome: Outcome & { location?: string }) => void,
    readonly started: (abort: (reason: Error) => void) => void,
  ) {}

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.started(reason => controller.abort(reason));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    if (typeof headers.location === 'string') this.#location = headers.location;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#status >= 300 && this.#text.length < longestLine)
      this.#text += chunk.toString('utf8', 0, longestLine);
  }

  onResponseEnd(): void {
    const firstLine = this.#text.trimStart().split('\n', 1)[0]?.trim().slice(0, longestLine);
    this.settle({ status: this.#status, firstLine, location: this.#location });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.settle({ error: codeOf(error) ?? 'FAILED', message: messageOf(error) });
  }
}
