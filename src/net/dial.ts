import { connect, isIP, type LookupFunction, type NetConnectOpts, type Socket } from 'node:net';
import { codedError } from './coded-error.js';
import type { DialOptions } from './dial-options.js';
import { explained } from './explained.js';
import { tunnel } from './proxy.js';
import { localAddressOf, type Route, routeOf } from './route.js';
import { secureContextOf, startTls } from './tls.js';

export interface DialWays {
  /**
   * Receives what the socket reads, in a buffer that is used again; without it, read the socket as a stream.
   */
  read?: (bytes: Buffer) => void;
  /** Ends the attempt; its reason is what `dial` rejects with. */
  signal?: AbortSignal;
  /** What to offer by ALPN; by default what the options ask for. */
  protocols?: string[];
  /** Go through a proxy by CONNECT even without TLS. */
  tunnelled?: boolean;
  /** Leave out TLS, which the caller begins: for `https:`, opens the connection below it. */
  withoutTls?: boolean;
}

/** Throws a usage error if these options can open no connection anywhere, before any is tried. */
export function checkDial(origin: URL, options: DialOptions): void {
  routeOf(origin, options);
  if (origin.protocol === 'https:' || options.cacert || options.cert) secureContextOf(options);
}

/** What a socket reads goes into one buffer per connection, used again and again. */
const readBuffer = 16 * 1024;

/**
 * Opens a connection to a URL's server, including TLS and a proxy, ready to be written to. Rejects with the
 * system's error (`ECONNREFUSED`), with TLS's own (`CERT_HAS_EXPIRED`), with `ETIMEDOUT`, or with
 * `PROXY_REFUSED` and the proxy's `status`. The caller closes the socket.
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
      reject(explained(error, origin, options));
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
  const { read, withoutTls } = ways;
  const protocols = ways.protocols ?? [options.http2 ? 'h2' : 'http/1.1'];
  const secure = origin.protocol === 'https:' && !withoutTls;
  const route = routeOf(origin, options);
  const to = connectOptions(route, options);
  const through = 'path' in route || !route.proxy || !(route.tunnelled || ways.tunnelled) ? undefined : route;

  if (!secure || through) {
    const plain = connect({ ...to, noDelay: true, ...(through ? {} : readingInto(read)) });
    await opened(plain, 'connect', sockets);
    if (!through) return plain;
    await tunnel(plain, through.beyond, through.proxy);
    if (!secure) return reading(plain, read);
    return reading(await secured({ socket: plain }), read);
  }
  return reading(await secured(to), read);

  async function secured(over: { socket: Socket } | NetConnectOpts): Promise<Socket> {
    const socket = startTls(over, origin, options, protocols);
    await opened(socket, 'secureConnect', sockets);
    return socket.setNoDelay(true);
  }
}

function connectOptions(route: Route, options: DialOptions): NetConnectOpts {
  if ('path' in route) return { path: route.path };
  const { host, port, addresses } = route;
  const localAddress = localAddressOf(options);
  const family = options.ipFamily ?? (localAddress === undefined ? undefined : isIP(localAddress));
  if (isIP(host) && family !== undefined && isIP(host) !== family) {
    const flag = options.ipFamily === undefined ? '--interface' : `-${family}`;
    throw codedError(
      'WRONG_FAMILY',
      `${host} has no IPv${family} address: remove ${flag}, or use another host`,
    );
  }
  return {
    host,
    port,
    ...(family === undefined ? {} : { family }),
    ...(localAddress === undefined ? {} : { localAddress }),
    ...(addresses === undefined ? {} : { lookup: lookupIn(addresses, host) }),
  };
}

/** Returns addresses that are known already, as the system's own look-up would. */
function lookupIn(addresses: readonly string[], host: string): LookupFunction {
  return (_, { all }, done) => {
    const found = addresses.map(address => ({ address, family: isIP(address) }));
    const [first] = found;
    if (!first) done(codedError('ENOTFOUND', `--resolve gives ${host} no address of this family`), '');
    else if (all) done(null, found);
    else done(null, first.address, first.family);
  };
}

/** The error listener stays: an error without an upload to report it to must not end the process. */
function opened(socket: Socket, event: 'connect' | 'secureConnect', sockets: Socket[]): Promise<void> {
  sockets.push(socket);
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once('error', reject);
    socket.once('close', () =>
      reject(codedError('ECONNRESET', 'the connection was closed before it was established')),
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
