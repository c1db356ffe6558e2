import { alike, refused, stricter, type Trip } from '../beside-curl.js';
import { certificates } from '../certificates.js';
import type { Listeners, ListenOptions } from '../listeners.js';
import type { Fault } from '../row.js';

interface Ports {
  server: number;
  proxy: number;
}

interface Way {
  flags?: (ports: Ports) => string;
  env?: (ports: Ports) => Record<string, string>;
  url?: (ports: Ports) => string;
  /** What the proxy asks for. */
  credentials?: string;
  server?: ListenOptions;
}

/** A trip for which there is a proxy, and which goes through it or not. */
const near = ({ flags, env, url, credentials, server: options }: Way) => {
  return async (listeners: Listeners): Promise<Trip> => {
    const server = await listeners.listen(options);
    const proxy = await listeners.proxy(credentials);
    const ports = { server: server.port, proxy: proxy.port };
    const scheme = options?.certificate ? 'https' : 'http';
    return {
      flags: flags?.(ports) ?? '',
      url: url?.(ports) ?? `${scheme}://127.0.0.1:${server.port}/upload`,
      at: [server, proxy],
      ...(env && { env: env(ports) }),
    };
  };
};

const tls: ListenOptions = { certificate: 'server' };
const x = ({ proxy }: Ports) => `-x 127.0.0.1:${proxy}`;
const address = ({ proxy }: Ports) => `http://127.0.0.1:${proxy}`;
const atName = ({ server }: Ports) => `http://api.test:${server}/upload`;

/** Proxies: who is gone through, by which flag or variable, and with what credentials. */
export const proxyFaults: Fault[] = [
  alike({ name: '-x goes through a proxy', done: '`-x 127.0.0.1:PORT`', trip: near({ flags: x }) }),
  alike({
    name: '--proxy takes a scheme',
    done: '`--proxy http://127.0.0.1:PORT`',
    trip: near({ flags: ports => `--proxy ${address(ports)}` }),
  }),
  alike({
    name: '-x goes through a proxy to TLS by a tunnel',
    done: '`-x 127.0.0.1:PORT --cacert ca.pem` and https://',
    trip: near({ flags: ports => `${x(ports)} --cacert ${certificates().path('ca.pem')}`, server: tls }),
  }),
  alike({
    name: '-x leaves the look-up of the host to the proxy',
    done: '`-x 127.0.0.1:PORT` and a host that the proxy alone knows',
    trip: near({ flags: x, url: atName }),
  }),
  alike({
    name: '-x leaves the look-up of the host to the proxy with TLS too',
    done: '`-x 127.0.0.1:PORT -k` and https:// to a host that the proxy alone knows',
    trip: near({
      flags: ports => `${x(ports)} -k`,
      url: ({ server }) => `https://api.test:${server}/upload`,
      server: tls,
    }),
  }),
  alike({
    name: '-p has the proxy connect without TLS too',
    done: '`-p -x 127.0.0.1:PORT`',
    trip: near({ flags: ports => `-p ${x(ports)}` }),
  }),
  alike({
    name: '--connect-to has the proxy connect elsewhere',
    done: '`-x 127.0.0.1:PORT --connect-to other.test:80:api.test:PORT`',
    trip: near({
      flags: ports => `${x(ports)} --connect-to other.test:80:api.test:${ports.server}`,
      url: () => 'http://other.test/upload',
    }),
  }),
  alike({
    name: '--resolve stands for a name server for the proxy',
    done: '`-x proxy.test:PORT --resolve proxy.test:PORT:127.0.0.1`',
    trip: near({ flags: ({ proxy }) => `-x proxy.test:${proxy} --resolve proxy.test:${proxy}:127.0.0.1` }),
  }),
  alike({
    name: '--http2 goes through a proxy by a tunnel',
    done: '`-x 127.0.0.1:PORT --http2 -k` and https://',
    trip: near({ flags: ports => `${x(ports)} --http2 -k`, server: { ...tls, http2: 'only' } }),
  }),
  alike({
    name: '-U gives credentials to the proxy alone',
    done: "`-x 127.0.0.1:PORT -U 'me:se cret' --proxy-basic`",
    trip: near({ flags: ports => `${x(ports)} -U 'me:se cret' --proxy-basic`, credentials: 'me:se cret' }),
  }),
  alike({
    name: '-U gives credentials for a tunnel to the proxy alone',
    done: "`-x 127.0.0.1:PORT -U 'me:se cret' -k` and https://",
    trip: near({
      flags: ports => `${x(ports)} -U 'me:se cret' -k`,
      credentials: 'me:se cret',
      server: tls,
    }),
  }),
  alike({
    name: '-x takes credentials in its URL',
    done: '`-x http://me:se%20cret@127.0.0.1:PORT`',
    trip: near({
      flags: ({ proxy }) => `-x http://me:se%20cret@127.0.0.1:${proxy}`,
      credentials: 'me:se cret',
    }),
  }),
  alike({
    name: '-u is for the server and not for the proxy',
    done: '`-x 127.0.0.1:PORT -u me:mine -k` and https://',
    trip: near({ flags: ports => `${x(ports)} -u me:mine -k`, server: tls }),
  }),
  refused({
    name: 'a proxy that asks for credentials is told as that',
    done: '`-x 127.0.0.1:PORT`, and no `-U`',
    says: /answered 407 .*The proxy requires authentication: add -U name:password/,
    trip: near({ flags: x, credentials: 'me:secret' }),
  }),
  refused({
    name: 'a proxy that asks for credentials for a tunnel is told as that',
    done: '`-x 127.0.0.1:PORT -k` and https://, and no `-U`',
    says: /the proxy refused to connect to 127.0.0.1:\d+ with 407 .*: give its credentials with -U name:password/,
    trip: near({ flags: ports => `${x(ports)} -k`, credentials: 'me:secret', server: tls }),
  }),
  refused({
    name: 'a proxy that nobody runs is told apart from the server',
    done: '`-x 127.0.0.1:1`',
    says: /127.0.0.1:\d+ could not be reached: the proxy could not be reached \(.*127.0.0.1:1\): check -x/,
    trip: near({ flags: () => '-x 127.0.0.1:1' }),
  }),
  refused({
    name: 'a proxy without an address is told apart from the server',
    done: '`-x nowhere.invalid:3128`',
    says: /the proxy could not be reached \(.*nowhere.invalid.*\): check -x/,
    trip: near({ flags: () => '-x nowhere.invalid:3128' }),
  }),
  refused({
    name: 'a server that the proxy does not reach is told by its answer',
    done: '`-x 127.0.0.1:PORT` and a port on which nothing listens',
    says: /answered 502/,
    trip: near({ flags: x, url: () => 'http://127.0.0.1:1/upload' }),
  }),
  ...['https://127.0.0.1:1', 'socks5://127.0.0.1:1'].map(proxy =>
    refused({
      name: `a proxy of another kind than HTTP is a usage error: ${proxy}`,
      done: `\`-x ${proxy}\``,
      says: /-x "\w+:\/\/127.0.0.1:1" is not an HTTP proxy: write it as http:\/\/localhost:3128/,
      exitCode: 2,
      trip: near({ flags: () => `-x ${proxy}` }),
    }),
  ),
  alike({
    name: "--noproxy '*' goes past every proxy",
    done: "`-x 127.0.0.1:PORT --noproxy '*'`",
    trip: near({ flags: ports => `${x(ports)} --noproxy '*'` }),
  }),
  alike({
    name: '--noproxy names an address',
    done: '`-x 127.0.0.1:PORT --noproxy other.test,127.0.0.1`',
    trip: near({ flags: ports => `${x(ports)} --noproxy other.test,127.0.0.1` }),
  }),
  alike({
    name: '--noproxy names a network',
    done: '`-x 127.0.0.1:PORT --noproxy 127.0.0.0/8`',
    trip: near({ flags: ports => `${x(ports)} --noproxy 127.0.0.0/8` }),
  }),
  alike({
    name: '--noproxy names a domain with all below it',
    done: '`-x 127.0.0.1:PORT --noproxy .test --resolve api.test:PORT:127.0.0.1`',
    trip: near({
      flags: ports => `${x(ports)} --noproxy .test --resolve api.test:${ports.server}:127.0.0.1`,
      url: atName,
    }),
  }),
  alike({
    name: '--noproxy for another host does not count',
    done: '`-x 127.0.0.1:PORT --noproxy other.test,pi.test`',
    trip: near({ flags: ports => `${x(ports)} --noproxy other.test,pi.test`, url: atName }),
  }),
  alike({
    name: 'http_proxy is gone through',
    done: '`http_proxy` in the environment',
    trip: near({ env: ports => ({ http_proxy: address(ports) }) }),
  }),
  alike({
    name: 'HTTP_PROXY is not gone through, as a server sets it from a header',
    done: '`HTTP_PROXY` in the environment',
    trip: near({ env: ports => ({ HTTP_PROXY: address(ports) }) }),
  }),
  alike({
    name: 'http_proxy is not for https',
    done: '`http_proxy` in the environment, and https://',
    trip: near({ flags: () => '-k', env: ports => ({ http_proxy: address(ports) }), server: tls }),
  }),
  ...['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'].map(name =>
    alike({
      name: `${name} is gone through to https`,
      done: `\`${name}\` in the environment, and https://`,
      trip: near({ flags: () => '-k', env: ports => ({ [name]: address(ports) }), server: tls }),
    }),
  ),
  alike({
    name: 'ALL_PROXY is gone through to http',
    done: '`ALL_PROXY` in the environment',
    trip: near({ env: ports => ({ ALL_PROXY: address(ports) }) }),
  }),
  alike({
    name: 'http_proxy takes credentials in its URL',
    done: '`http_proxy=http://me:secret@127.0.0.1:PORT`',
    trip: near({
      env: ({ proxy }) => ({ http_proxy: `http://me:secret@127.0.0.1:${proxy}` }),
      credentials: 'me:secret',
    }),
  }),
  ...['no_proxy', 'NO_PROXY'].map(name =>
    alike({
      name: `${name} names whom the proxy of the environment is not for`,
      done: `\`${name}=127.0.0.1\` beside \`http_proxy\``,
      trip: near({ env: ports => ({ http_proxy: address(ports), [name]: 'other.test, 127.0.0.1' }) }),
    }),
  ),
  alike({
    name: 'no_proxy counts for -x too',
    done: '`-x 127.0.0.1:PORT`, and `no_proxy=127.0.0.1`',
    trip: near({ flags: x, env: () => ({ no_proxy: '127.0.0.1' }) }),
  }),
  alike({
    name: '--noproxy goes before no_proxy',
    done: '`--noproxy other.test`, and `no_proxy=127.0.0.1` beside `http_proxy`',
    trip: near({
      flags: () => '--noproxy other.test',
      env: ports => ({ http_proxy: address(ports), no_proxy: '127.0.0.1' }),
    }),
  }),
  alike({
    name: "-x '' goes past the proxy of the environment",
    done: "`-x ''`, and `http_proxy`",
    trip: near({ flags: () => "-x ''", env: ports => ({ http_proxy: address(ports) }) }),
  }),
  alike({
    name: '-x goes before the proxy of the environment',
    done: '`-x 127.0.0.1:PORT`, and another `http_proxy`',
    trip: near({ flags: x, env: () => ({ http_proxy: 'http://127.0.0.1:1' }) }),
  }),
  refused({
    name: 'a proxy of the environment that nobody runs is told by its name',
    done: '`http_proxy=http://127.0.0.1:1`',
    says: /the proxy could not be reached \(.*127.0.0.1:1\): check the environment's http_proxy/,
    trip: near({ env: () => ({ http_proxy: 'http://127.0.0.1:1' }) }),
  }),
  stricter({
    name: 'a proxy of the environment that is none is a usage error, and its password stays hidden',
    done: '`http_proxy=ftp://me:secret@127.0.0.1:1`',
    says: /^leakhunt: the environment's http_proxy "ftp:\/\/\*\*\*@127.0.0.1:1" is not an HTTP proxy/,
    exitCode: 2,
    trip: near({ env: () => ({ http_proxy: 'ftp://me:secret@127.0.0.1:1' }) }),
  }),
];
