import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { usageError } from '../errors.js';
import { type Authority, authorityOf, bare, sameHost } from './authority.js';
import { basicIn } from './authorization.js';
import { codedError } from './coded-error.js';
import type { DialOptions } from './dial-options.js';
import { proxyOf } from './proxy.js';

/** Where the connections for a URL lead. */
export type Route =
  /** To a Unix socket. */
  | { path: string }
  /** To an HTTP proxy, which reads the requests, or else connects to `beyond` and reads nothing. */
  | (RouteHop & { proxy: URL; tunnelled: boolean; beyond: Authority })
  /** To the server itself. */
  | (RouteHop & { proxy?: undefined });

interface RouteHop extends Authority {
  /** The addresses of the host, if it is not looked up. */
  addresses?: string[];
}

/** Pure. Throws a usage error for options that lead nowhere. */
export function routeOf(url: URL, options: DialOptions): Route {
  const { unixSocket, proxyTunnel, connectTo } = options;
  const own = authorityOf(url);
  const meant = connectedTo(own, connectTo);
  const hop = resolved(meant, options);
  const proxy = proxyOf(url, options);
  if (unixSocket !== undefined) return { path: unixSocket };
  if (!proxy) return hop;
  // As in curl: a proxy that reads the request would use the name in it, not the address it should lead to.
  const tunnelled = url.protocol === 'https:' || proxyTunnel === true || meant !== own;
  return { ...resolved(authorityOf(proxy), options), proxy, tunnelled, beyond: meant };
}

/**
 * How a request names its resource (RFC 9112, section 3.2): by its path, or by the whole URL if a proxy has
 * to read it. The proxy's credentials are sent only then: inside a tunnel (`tunnelled`: always) the server
 * would read them.
 */
export function requestTarget(
  url: URL,
  options: DialOptions,
  tunnelled = false,
): { target: string; authorization?: string | undefined } {
  const path = `${url.pathname}${url.search}`;
  const route = routeOf(url, options);
  if ('path' in route || !route.proxy || route.tunnelled || tunnelled) return { target: path };
  return { target: `http://${url.host}${path}`, authorization: basicIn(route.proxy) };
}

/**
 * `--resolve`: the last entry for the host (`*`: any) and its port counts; `-HOST:PORT` cancels the ones
 * before it.
 */
function resolved(meant: Authority, { resolve = [], ipFamily }: DialOptions): RouteHop {
  let addresses: string[] | undefined;
  let exact = false;
  for (const word of resolve) {
    const [, sign, host, port, list] = /^([+-]?)(\[[^\]]*\]|[^:[\]]*):(\d+)(?::(.+))?$/.exec(word) ?? [];
    if (host === undefined || (sign !== '-' && list === undefined)) {
      throw badWord('--resolve', word, 'HOST:PORT:ADDRESS');
    }
    if (Number(port) !== meant.port || (host !== '*' && !sameHost(bare(host), meant.host))) continue;
    if (sign === '-') {
      addresses = undefined;
      exact = false;
    } else if (host !== '*' || !exact) {
      addresses = list!.split(',').map(bare);
      exact = host !== '*';
      const odd = addresses.find(address => !isIP(address));
      if (odd !== undefined) throw badWord('--resolve', word, 'HOST:PORT:ADDRESS');
    }
  }
  const usable = addresses?.filter(address => ipFamily === undefined || isIP(address) === ipFamily);
  return usable ? { ...meant, addresses: usable } : meant;
}

/**
 * The local address to connect from, of the requested family. Rejects a text that is neither an address of
 * this machine nor an interface.
 */
export function localAddressOf({ interface: from, ipFamily }: DialOptions): string | undefined {
  if (from === undefined) return undefined;
  const word = from.replace(/^(if|host)!/, '');
  if (isIP(word) && !from.startsWith('if!')) return word;
  const own = (networkInterfaces()[word] ?? []).filter(
    ({ family }) => ipFamily === undefined || family === `IPv${ipFamily}`,
  );
  const address = own.find(({ family }) => family === 'IPv4') ?? own[0];
  if (address) return address.address;
  throw codedError(
    'NO_INTERFACE',
    `this machine has no interface or address "${word}" to connect from: check --interface`,
  );
}

/**
 * `--connect-to`: the first entry that fits; an empty host or port fits any, or stays as it is. The same
 * object if none fits.
 */
export function connectedTo(meant: Authority, words: readonly string[] = []): Authority {
  for (const word of words) {
    const [, from, port, to, toPort] = /^(\[[^\]]*\]|[^:]*):(\d*):(\[[^\]]*\]|[^:]*):(\d*)$/.exec(word) ?? [];
    if (from === undefined) throw badWord('--connect-to', word, 'HOST1:PORT1:HOST2:PORT2');
    const fits =
      (from === '' || sameHost(bare(from), meant.host)) && (port === '' || Number(port) === meant.port);
    if (fits) return { host: bare(to!) || meant.host, port: Number(toPort) || meant.port };
  }
  return meant;
}

/** The value of a flag about where to connect cannot be parsed. */
export function badWord(flag: string, word: string, form: string) {
  return usageError('BAD_ROUTE', `${flag} "${word}" is not of the form ${form}: correct it.`);
}
