import type { Socket } from 'node:net';
import { urlIn } from '../../address.js';
import { usageError } from '../../errors.js';
import { decoded, redactAddress } from '../../redact.js';
import { codedError } from './coded-error.js';
import type { DialOptions } from './dial.js';

type ProxyOptions = Pick<DialOptions, 'proxy' | 'proxyUser' | 'unixSocket'>;

/** curl's port of a proxy that names none. */
const defaultPort = 1080;
const longestHead = 16 * 1024;

/** The HTTP proxy to go through, with its credentials. A Unix socket needs none. Throws a usage error. */
export function proxyOf({ proxy, proxyUser, unixSocket }: ProxyOptions): URL | undefined {
  if (proxy === undefined || proxy === '' || unixSocket !== undefined) return undefined;
  const url = urlIn(proxy);
  if (url?.protocol !== 'http:' || url.hostname === '') {
    throw usageError(
      'BAD_PROXY',
      `-x "${redactAddress(proxy)}" is not an HTTP proxy: write it as http://localhost:3128.`,
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

/**
 * How a request names its resource (RFC 9112, section 3.2): by its path, or whole where a proxy has to read
 * it. The proxy's credentials go along only then: inside a tunnel the server would read them.
 */
export function requestTarget(url: URL, options: ProxyOptions): { target: string; authorization?: string } {
  const path = `${url.pathname}${url.search}`;
  const proxy = url.protocol === 'http:' ? proxyOf(options) : undefined;
  if (!proxy) return { target: path };
  return { target: `http://${url.host}${path}`, authorization: authorizationOf(proxy) };
}

/** Has a proxy connect a socket to a host (RFC 9110, section 9.3.6). Rejects with `PROXY_REFUSED` and its status. */
export async function tunnel(socket: Socket, to: URL, proxy: URL): Promise<void> {
  const authority = `${to.hostname}:${to.port || (to.protocol === 'https:' ? 443 : 80)}`;
  const authorization = authorizationOf(proxy);
  const lines = [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`];
  if (authorization !== undefined) lines.push(`Proxy-Authorization: ${authorization}`);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);

  const head = await headFrom(socket);
  const [, status, reason] = /^HTTP\/1\.[01] (\d{3}) ?([^\r]*)/.exec(head) ?? [];
  if (status === undefined) throw codedError('BAD_ANSWER', 'what the proxy answers is not HTTP/1.1');
  if (status.startsWith('2')) return;
  const hint = status === '407' ? ': give its credentials by -U name:password' : '';
  throw codedError(
    'PROXY_REFUSED',
    `the proxy refused to connect to ${authority} with ${status} ${reason}`.trimEnd() + hint,
    { status: Number(status) },
  );
}

/** The head of an answer; what follows it stays in the socket. */
function headFrom(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    const stop = () => {
      socket.off('readable', read).off('close', closed).off('error', reject);
    };
    const closed = () => {
      stop();
      reject(codedError('PROXY_REFUSED', 'the proxy closed the connection without an answer'));
    };
    const read = () => {
      for (let chunk: Buffer | null = socket.read(); chunk !== null; chunk = socket.read()) {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0 && head.length <= longestHead) continue;
        stop();
        if (end < 0) reject(codedError('BAD_ANSWER', 'the head of what the proxy answers is too long'));
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

function authorizationOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')}`;
}
