import { BlockList, isIP, isIPv6, type Socket } from 'node:net';
import { urlIn } from '../address.js';
import { usageError } from '../errors.js';
import { redactAddress } from '../redact.js';
import { type Authority, authorityOf } from './authority.js';
import { basicIn } from './authorization.js';

import { codedError } from './coded-error.js';
import type { DialOptions } from './dial-options.js';

/** curl's default port of a proxy. */
const defaultPort = 1080;
const longestHead = 16 * 1024;

/**
 * The HTTP proxy to go through to a URL, with its credentials. A Unix socket needs none. Throws a usage
 * error.
 */
export function proxyOf(to: URL, options: DialOptions): URL | undefined {
  const { unixSocket, noproxy, proxyUser } = options;
  const { proxy, flag } = proxyNamed(to, options);
  if (!proxy || unixSocket !== undefined || needsNoProxy(authorityOf(to).host, noproxy)) return undefined;
  const url = urlIn(proxy);
  if (url?.protocol !== 'http:' || url.hostname === '') {
    throw usageError(
      'BAD_PROXY',
      `${flag} "${redactAddress(proxy)}" is not an HTTP proxy: write it as http://localhost:3128.`,
    );
  }
  // A URL drops the port 80 of http, which is not the default here.
  if (url.port === '' && !/:80\/?$/.test(proxy)) url.port = String(defaultPort);
  if (proxyUser !== undefined) {
    const colon = proxyUser.indexOf(':');
    url.username = encodeURIComponent(colon < 0 ? proxyUser : proxyUser.slice(0, colon));
    url.password = encodeURIComponent(colon < 0 ? '' : proxyUser.slice(colon + 1));
  }
  return url;
}

/** The proxy for a URL as it was given, and by which option or variable. */
export function proxyNamed(
  { protocol }: URL,
  { proxy, proxies }: DialOptions,
): { proxy?: string; flag: string } {
  if (proxy !== undefined) return { proxy, flag: '-x' };
  const scheme = protocol === 'https:' ? 'https' : 'http';
  return { proxy: proxies?.[scheme], flag: `the environment's ${scheme}_proxy` };
}

/**
 * Has a proxy connect a socket to a host (RFC 9110, section 9.3.6). Rejects with `PROXY_REFUSED` and its
 * status.
 */
export async function tunnel(socket: Socket, { host, port }: Authority, proxy: URL): Promise<void> {
  const authority = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const authorization = basicIn(proxy);
  const lines = [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`];
  if (authorization !== undefined) lines.push(`Proxy-Authorization: ${authorization}`);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);

  const head = await headFrom(socket);
  const [, status, reason] = /^HTTP\/1\.[01] (\d{3}) ?([^\r]*)/.exec(head) ?? [];
  if (status === undefined) throw codedError('BAD_ANSWER', 'the proxy does not respond in HTTP/1.1');
  if (status.startsWith('2')) return;
  const hint = status === '407' ? ': give its credentials with -U name:password' : '';
  throw codedError(
    'PROXY_REFUSED',
    `the proxy refused to connect to ${authority} with ${status} ${reason}`.trimEnd() + hint,
    { status: Number(status) },
  );
}

/** The head of a response; what follows it stays in the socket. */
function headFrom(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    const stop = () => {
      socket.off('readable', read).off('close', closed).off('error', reject);
    };
    const closed = () => {
      stop();
      reject(codedError('PROXY_REFUSED', 'the proxy closed the connection without a response'));
    };
    const read = () => {
      for (let chunk: Buffer | null = socket.read(); chunk !== null; chunk = socket.read()) {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0 && head.length <= longestHead) continue;
        stop();
        if (end < 0) reject(codedError('BAD_ANSWER', 'the response headers of the proxy are too long'));
        else {
          socket.unshift(head.subarray(end + 4));
          resolve(head.toString('latin1', 0, end));
        }
        return;
      }
    };
    socket.on('readable', read).once('close', closed).once('error', reject);
  });
}

/**
 * Whether a list names a host that needs no proxy, as curl 7.88 reads it: words separated by commas or
 * blanks, each a domain (including all below it, with or without a leading dot), an address, or a network
 * (`10.0.0.0/8`); `*` alone is every host. Source: curl(1), "--noproxy", and lib/noproxy.c.
 */
export function needsNoProxy(host: string, list: string | undefined): boolean {
  if (list === undefined) return false;
  if (list.trim() === '*') return true;
  const words = list.split(/[\s,]+/).filter(word => word !== '');
  return words.some(word => (isIP(host) ? isOrHolds(word, host) : isAtOrBelow(host, word)));
}

function isAtOrBelow(host: string, word: string): boolean {
  const plain = (name: string) => name.toLowerCase().replace(/\.$/, '');
  const domain = plain(word).replace(/^\./, '');
  return plain(host) === domain || plain(host).endsWith(`.${domain}`);
}

function isOrHolds(word: string, address: string): boolean {
  const family = isIP(address);
  const [net = '', bits = family === 4 ? '32' : '128'] = word.replace(/^\[(.*)\]/, '$1').split('/');
  if (isIP(net) !== family || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128))
    return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const networks = new BlockList();
  networks.addSubnet(net, Number(bits), type);
  return networks.check(address, type);
}
