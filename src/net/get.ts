import type { Dispatcher } from 'undici';
import { dial } from './dial.js';
import type { DialOptions } from './dial-options.js';
import { requestTarget } from './route.js';

export interface GetOptions {
  headers?: Record<string, string>;
  /** Ends it, including its connection. */
  signal: AbortSignal;
}

/**
 * A GET request on a connection of its own, which is closed after the response: a kept-alive one would be
 * counted among the target's sockets. Rejects with the system's error, or as `dial` does. The caller reads
 * the body.
 */
export async function get(
  url: URL,
  connection: DialOptions,
  { headers, signal }: GetOptions,
): Promise<Dispatcher.ResponseData> {
  const { http2 = false } = connection;
  const isPlainHttp2 = http2 && url.protocol === 'http:';
  const { Client } = await import('undici');
  const client = new Client(url.origin, {
    allowH2: http2,
    pipelining: http2 ? 1 : 0,
    // The signal's limit is the only one.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (_, done) => {
      dial(url, connection, { signal, tunnelled: isPlainHttp2 }).then(
        // Without TLS there is no ALPN, which undici needs to begin HTTP/2.
        socket => done(null, isPlainHttp2 ? Object.assign(socket, { alpnProtocol: 'h2' }) : socket),
        error => done(error, null),
      );
    },
  });
  const { target, authorization } = requestTarget(url, connection, isPlainHttp2);
  try {
    return await client.request({
      method: 'GET',
      path: target,
      reset: !http2,
      signal,
      headers: {
        ...headers,
        ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }),
      },
    });
  } finally {
    // It waits for the body, which has not been read yet.
    client.close().catch(() => {});
  }
}
