import { type ClientHttp2Session, connect } from 'node:http2';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { messageOf } from '../../errors.js';
import { codedError } from '../../net/coded-error.js';
import { dial } from '../../net/dial.js';
import type { DialOptions } from '../../net/dial-options.js';

/** A session, how many streams are open on it, and how many of its streams were answered. */
export interface Shared {
  session: ClientHttp2Session;
  open: number;
  carried: number;
}

/**
 * The HTTP/2 sessions of a round, shared by its uploads as browsers do: one per origin, and another one only
 * if a server allows fewer concurrent streams than there are uploads in flight.
 */
export class Http2Sessions {
  readonly #options: DialOptions;
  readonly #byOrigin = new Map<string, Shared[]>();
  readonly #opening = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(options: DialOptions) {
    this.#options = options;
  }

  /** A session with room for one more stream, which counts as open until it is released. */
  async acquire(url: URL): Promise<Shared> {
    for (;;) {
      const known = this.#byOrigin.get(url.origin)?.find(hasRoom);
      if (known) {
        known.open += 1;
        return known;
      }
      let opening = this.#opening.get(url.origin);
      if (!opening) {
        opening = this.#open(url).finally(() => this.#opening.delete(url.origin));
        this.#opening.set(url.origin, opening);
      }
      await opening;
    }
  }

  close(error: Error): void {
    this.#stopping.abort(error);
    for (const { session } of [...this.#byOrigin.values()].flat()) session.destroy();
  }

  async #open(url: URL): Promise<void> {
    const { signal } = this.#stopping;
    const socket = await dial(url, this.#options, { signal, protocols: ['h2'], tunnelled: true });
    if (socket instanceof TLSSocket && socket.alpnProtocol !== 'h2') {
      socket.destroy();
      throw codedError('NO_HTTP2', 'the server does not support HTTP/2: remove --http2');
    }
    const session = await started(url, socket, this.#options.connectTimeout, signal);
    const shared = { session, open: 0, carried: 0 };
    this.#byOrigin.set(url.origin, [...(this.#byOrigin.get(url.origin) ?? []), shared]);
    session.once('close', () => {
      const left = this.#byOrigin.get(url.origin)!.filter(each => each !== shared);
      if (left.length > 0) this.#byOrigin.set(url.origin, left);
      else this.#byOrigin.delete(url.origin);
    });
  }
}

function hasRoom({ session, open }: Shared): boolean {
  if (session.closed || session.destroyed) return false;
  return open < Math.max(1, session.remoteSettings.maxConcurrentStreams ?? Number.POSITIVE_INFINITY);
}

/** Resolves once the server has sent its settings: before that, its limit of streams is not known. */
function started(
  url: URL,
  socket: Socket,
  seconds: number,
  signal: AbortSignal,
): Promise<ClientHttp2Session> {
  return new Promise((resolve, reject) => {
    const session = connect(url, { createConnection: () => socket, settings: { enablePush: false } });
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    const fail = (error: Error) => {
      finish();
      session.destroy();
      reject(error);
    };
    const none = (why: string) =>
      codedError('NO_HTTP2', `the server does not speak HTTP/2 (${why}): remove --http2`);
    const onAbort = () => fail(signal.reason);
    const timer = setTimeout(() => fail(none(`no settings within ${seconds} s`)), seconds * 1000);
    signal.addEventListener('abort', onAbort);
    // The listeners stay: later, a session's end is reported by its streams.
    session.on('error', error => fail(none(messageOf(error))));
    session.once('close', () => fail(none('it closed the connection')));
    session.once('remoteSettings', () => {
      finish();
      resolve(session);
    });
  });
}
