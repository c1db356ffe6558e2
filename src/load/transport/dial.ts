import { connect as connectTcp, isIP, type NetConnectOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { codedError } from './coded-error.js';
import { proxyOf, tunnel } from './proxy.js';
import { explained, secureContextOf } from './tls.js';

/** How connections are opened; the names are those of curl's flags. An `UploadRequest` is one of these. */
export interface DialOptions {
  /** Limit for all of it, a proxy's answer and the TLS handshake included, in seconds. */
  connectTimeout: number;
  /** Accept any certificate. */
  insecure: boolean;
  /** PEM file of the authorities to trust, in place of the known ones. */
  cacert?: string;
  /** PEM files of leakhunt's own certificate and its key, and the key's passphrase. */
  cert?: string;
  key?: string;
  pass?: string;
  /** Connect to this socket, whatever the URL's host. */
  unixSocket?: string;
  /** `[http://][name:password@]host[:port]` */
  proxy?: string;
  /** `name:password` for the proxy. */
  proxyUser?: string;
}

export interface DialWays {
  /** Takes what the socket reads, in a buffer that is used again: without it, read the socket as a stream. */
  read?: (bytes: Buffer) => void;
  /** Ends the attempt; its reason is what `dial` rejects with. */
  signal?: AbortSignal;
  /** What to offer by ALPN. */
  protocols?: string[];
  /** Go through a proxy by CONNECT even without TLS. */
  tunnelled?: boolean;
}

/** Throws a usage error where these options open no connection anywhere, before any is tried. */
export function checkDial(origin: URL, options: DialOptions): void {
  proxyOf(options);
  if (origin.protocol === 'https:' || options.cacert || options.cert) secureContextOf(options);
}

/** What a socket reads goes into one buffer per connection, used again and again. */
const readBuffer = 16 * 1024;

/**
 * Opens a connection to where a URL leads, TLS and proxy included, ready to be written to. Rejects with the
 * system's error (`ECONNREFUSED`), with TLS's own (`CERT_HAS_EXPIRED`), with `ETIMEDOUT`, or with
 * `PROXY_REFUSED` and the proxy's `status`. The socket is the caller's to close.
 */
export function dial(origin: URL, options: DialOptions, ways: DialWays = {}): Promise<Socket> {
  const { signal } = ways;
  if (signal?.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const sockets: Socket[] = [];
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const fail = (error: Error) => {
      finish();
      for (const socket of sockets) socket.destroy();
      reject(explained(error, options));
    };
    const onAbort = () => fail(signal!.reason);
    const timer = setTimeout(
      () => fail(codedError('ETIMEDOUT', `no connection within ${options.connectTimeout} s`)),
      options.connectTimeout * 1000,
    );
    signal?.addEventListener('abort', onAbort);
    open(origin, options, ways, sockets).then(socket => {
      finish();
      resolve(socket);
    }, fail);
  });
}

async function open(origin: URL, options: DialOptions, ways: DialWays, sockets: Socket[]): Promise<Socket> {
  const secure = origin.protocol === 'https:';
  const proxy = proxyOf(options);
  const tunnelled = proxy !== undefined && (secure || ways.tunnelled === true);
  const to = options.unixSocket === undefined ? addressOf(proxy ?? origin) : { path: options.unixSocket };

  if (!secure || tunnelled) {
    const plain = connectTcp({ ...to, noDelay: true, ...(tunnelled ? {} : readingInto(ways.read)) });
    await opened(plain, 'connect', sockets);
    if (!tunnelled) return plain;
    await tunnel(plain, origin, proxy);
    if (!secure) return reading(plain, ways.read);
    return reading(await secured({ socket: plain }), ways.read);
  }
  return reading(await secured(to), ways.read);

  async function secured(over: { socket: Socket } | NetConnectOpts): Promise<Socket> {
    const { host } = addressOf(origin);
    const socket = connectTls({
      host,
      ...over,
      servername: isIP(host) ? '' : host,
      rejectUnauthorized: !options.insecure,
      secureContext: secureContextOf(options),
      ALPNProtocols: ways.protocols ?? ['http/1.1'],
    });
    await opened(socket, 'secureConnect', sockets);
    return socket.setNoDelay(true);
  }
}

/** The error listener stays: an error with no upload to tell it to must not end the process. */
function opened(socket: Socket, event: 'connect' | 'secureConnect', sockets: Socket[]): Promise<void> {
  sockets.push(socket);
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once('error', reject);
    socket.once('close', () =>
      reject(codedError('ECONNRESET', 'the connection was closed before it was open')),
    );
  });
}

function readingInto(read: DialWays['read']): Pick<NetConnectOpts, 'onread'> {
  if (!read) return {};
  const callback = (size: number, buffer: Uint8Array) => {
    read(Buffer.from(buffer.buffer, buffer.byteOffset, size));
    return true;
  };
  return { onread: { buffer: Buffer.allocUnsafe(readBuffer), callback } };
}

function reading(socket: Socket, read: DialWays['read']): Socket {
  return read ? socket.on('data', read) : socket;
}

function addressOf({ hostname, port, protocol }: URL): { host: string; port: number } {
  const host = hostname.replace(/^\[|\]$/g, '');
  return { host, port: Number(port) || (protocol === 'https:' ? 443 : 80) };
}
