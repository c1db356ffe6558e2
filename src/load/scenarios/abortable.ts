import type { Socket } from 'node:net';
import { codedError } from '../../net/coded-error.js';
import { type DialWays, dial } from '../../net/dial.js';
import type { DialOptions } from '../../net/dial-options.js';
import { explained } from '../../net/explained.js';
import { startTls } from '../../net/tls.js';
import type { Leave } from '../scenario.js';

/** An open connection, and the way to leave it. */
export interface Abortable {
  socket: Socket;
  /** Leaves it; resolves when it is closed on this side. */
  leave(): Promise<void>;
}

/**
 * Opens a connection that can be left the given way. Over TLS, the TCP connection below does the reset, so
 * that is opened first. A Unix socket has no reset: it is closed, which its peer takes for either.
 */
export async function dialAbortable(
  url: URL,
  options: DialOptions,
  leave: Leave,
  ways: DialWays,
): Promise<Abortable> {
  if (leave === 'fin' || options.unixSocket !== undefined) {
    const socket = await dial(url, options, { ...ways, protocols: ['http/1.1'] });
    return {
      socket,
      leave: () => (leave === 'fin' ? closeInOrder(socket) : closed(socket, () => socket.destroy())),
    };
  }
  if (url.protocol !== 'https:') {
    const socket = await dial(url, options, ways);
    return { socket, leave: () => closed(socket, () => socket.resetAndDestroy()) };
  }
  const plain = await dial(url, options, { signal: ways.signal, tunnelled: true, withoutTls: true });
  const socket = await secured(plain, url, options, ways);
  return {
    socket,
    leave: () => closed(plain, () => plain.resetAndDestroy()).finally(() => socket.destroy()),
  };
}

/** FIN after the last byte, then no more reading: what the server still sends is answered by a reset. */
function closeInOrder(socket: Socket): Promise<void> {
  return closed(socket, () => socket.end(() => socket.destroy()));
}

function closed(socket: Socket, close: () => void): Promise<void> {
  return new Promise(resolve => {
    if (socket.closed) resolve();
    else {
      socket.once('close', resolve);
      close();
    }
  });
}

function secured(plain: Socket, url: URL, options: DialOptions, { read, signal }: DialWays): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = startTls({ socket: plain }, url, options);
    const abort = () => socket.destroy(signal!.reason);
    signal?.addEventListener('abort', abort, { once: true });
    socket.setTimeout(options.connectTimeout * 1000, () => {
      socket.destroy(codedError('ETIMEDOUT', `no connection within ${options.connectTimeout} s`));
    });
    socket.once('error', error => reject(explained(error, url, options)));
    socket.once('close', () => {
      plain.destroy();
      reject(codedError('ECONNRESET', 'the connection was closed before it was established'));
    });
    socket.once('secureConnect', () => {
      signal?.removeEventListener('abort', abort);
      socket.setTimeout(0);
      plain.on('error', () => {}); // the secure socket reports it
      resolve(read ? socket.on('data', read) : socket);
    });
  });
}
