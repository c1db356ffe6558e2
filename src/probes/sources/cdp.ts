import type { Agent, WebSocket } from 'undici';
import { dial } from '../../net/dial.js';
import { dialOptionsTo, type UploadConnection } from '../../net/uploads.js';

import { hiddenUrl } from '../../redact.js';

const longestCall = 20_000;

type CdpAnswer = { result?: unknown; error?: { message?: unknown } };
type Event = { method: string; params?: unknown };

/** A call in progress: how it ends, and what extends its time limit. */
interface Waiting {
  settle: (answer: CdpAnswer) => void;
  renew?: () => void;
}

/** What carries the messages: a WebSocket, or another such connection. */
interface Channel {
  send(text: string): void;
  close(): void;
}

/** How long a call may take, in milliseconds. */
interface CallOptions {
  /** For the whole call (20 s). */
  timeout?: number;
  /** Instead: the longest time between two events, for a call that reports its progress by them. */
  silence?: number;
}

/**
 * A connection to an inspector: one JSON message per call, and events in between (Chrome DevTools Protocol
 * 1.3). Every call has a time limit; a message holds at most 128 MB (undici's own limit).
 */
export class Cdp {
  readonly #channel: Channel;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, (params: unknown) => void>();
  #calls = 0;
  #closed: string | undefined;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  static #over(socket: WebSocket): Cdp {
    const cdp = new Cdp({ send: text => socket.send(text), close: () => socket.close() });
    socket.addEventListener('message', ({ data }) => cdp.receive(String(data)));
    socket.addEventListener('close', () => cdp.end('the inspector closed the connection'));
    socket.addEventListener('error', () => cdp.end('the connection to the inspector was lost'));
    return cdp;
  }

  static async open(url: string, via?: UploadConnection): Promise<Cdp> {
    const { WebSocket } = await import('undici');
    const dispatcher = await agentTo(url, via);
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, { dispatcher });
      const shown = hiddenUrl(url);
      const timer = setTimeout(() => {
        socket.close();
        reject(new Error(`no response from ${shown} within 5 s`));
      }, 5_000);
      socket.addEventListener('open', () => {
        clearTimeout(timer);
        resolve(Cdp.#over(socket));
      });
      socket.addEventListener('error', () => {
        clearTimeout(timer);
        reject(new Error(`no inspector responds at ${shown}`));
      });
    });
  }

  call<Result>(method: string, params: object = {}, patience: CallOptions = {}): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new Error(this.#closed));
      this.#calls += 1;
      const id = this.#calls;
      const limit = patience.silence ?? patience.timeout ?? longestCall;
      const timer = setTimeout(() => {
        const what = patience.silence === undefined ? 'answer' : 'progress';
        settle({ error: { message: `no ${what} within ${limit / 1000} s` } });
      }, limit);
      const settle = (answer: CdpAnswer) => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        if (answer.error) reject(new Error(`${method}: ${textOf(answer.error)}`));
        else resolve((answer.result ?? {}) as Result);
      };
      this.#waiting.set(id, {
        settle,
        ...(patience.silence === undefined ? {} : { renew: () => void timer.refresh() }),
      });
      this.#channel.send(JSON.stringify({ id, method, params }));
    });
  }

  /**
   * Calls `listener` with every event of that name, replacing any other listener; the returned function
   * removes it.
   */
  on<Params>(method: string, listener: (params: Params) => void): () => void {
    this.#listeners.set(method, listener as (params: unknown) => void);
    return () => void this.#listeners.delete(method);
  }

  close(): void {
    this.#channel.close();
  }

  receive(text: string): void {
    const message = parse(text);
    if (!message) {
      this.end('the inspector sent something that is not JSON');
      this.#channel.close();
    } else if ('id' in message) {
      this.#waiting.get(message.id)?.settle(message);
    } else {
      for (const { renew } of this.#waiting.values()) renew?.();
      this.#listeners.get(message.method)?.(message.params ?? {});
    }
  }

  end(why: string): void {
    this.#closed ??= why;
    for (const { settle } of this.#waiting.values()) settle({ error: { message: why } });
  }
}

const longestText = 300;

function textOf({ message }: { message?: unknown }): string {
  return typeof message === 'string' ? message.slice(0, longestText) : 'it failed';
}

function parse(text: string): (CdpAnswer & { id: number }) | Event | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null ? (message as Event) : undefined;
  } catch {
    return undefined;
  }
}

/** Anything but a page goes through a proxy by CONNECT, and is HTTP/1.1 (RFC 6455, section 4.1). */
async function agentTo(url: string, via?: UploadConnection): Promise<Agent> {
  const { Agent } = await import('undici');
  const to = new URL(url.replace(/^ws/, 'http'));
  const options = dialOptionsTo(to, via);
  return new Agent({
    connect: (_, done) => {
      dial(to, options, { tunnelled: true, protocols: ['http/1.1'] }).then(
        socket => done(null, socket),
        error => done(error, null),
      );
    },
  });
}
