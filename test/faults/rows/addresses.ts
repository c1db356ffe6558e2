import { join } from 'node:path';
import { alike, refused, stricter } from '../beside-curl.js';
import type { Listener, Listeners } from '../listeners.js';
import type { Fault } from '../row.js';

/** A trip to a server on 127.0.0.1, at the address and with the flags that its port makes. */
const to = (url: (port: number) => string, flags: (port: number) => string) => {
  return async (listeners: Listeners) => {
    const server = await listeners.listen();
    return { flags: flags(server.port), url: url(server.port), at: [server] };
  };
};

/** The same to two servers on one port, on 127.0.0.1 and on ::1. */
const toEither = (url: (port: number) => string, flags: (port: number) => string) => {
  return async (listeners: Listeners) => {
    const four = await listeners.listen();
    const six = await listeners.listen({ host: '::1', port: four.port });
    return { flags: flags(four.port), url: url(four.port), at: [four, six] };
  };
};

const toSocket = (url: string, flags: string, options: object = {}) => {
  return async (listeners: Listeners, folder: string) => {
    const server: Listener = await listeners.listen({ path: join(folder, 'app.sock'), ...options });
    return { flags: `--unix-socket app.sock ${flags}`, url, at: [server] };
  };
};

const local = (port: number) => `http://127.0.0.1:${port}/upload`;
const named = (port: number) => `http://api.test:${port}/upload`;

/** Addresses: where a name, a flag or a socket leads, and from where. */
export const addressFaults: Fault[] = [
  alike({
    name: '--unix-socket leads to the socket',
    done: '`--unix-socket app.sock`',
    trip: toSocket('http://localhost/upload', ''),
  }),
  alike({
    name: '--unix-socket leads to the socket whatever the host',
    done: '`--unix-socket app.sock` and a host that nobody knows',
    trip: toSocket('http://anywhere.test:81/upload', ''),
  }),
  alike({
    name: '--unix-socket goes with TLS',
    done: '`--unix-socket app.sock -k` and https://',
    trip: toSocket('https://api.test/upload', '-k', { certificate: 'server' }),
  }),
  alike({
    name: '--unix-socket goes with HTTP/2',
    done: '`--unix-socket app.sock --http2-prior-knowledge`',
    trip: toSocket('http://localhost/upload', '--http2-prior-knowledge', { http2: 'only' }),
  }),
  stricter({
    name: '--abstract-unix-socket is refused with the reason',
    done: '`--abstract-unix-socket NAME`',
    says: /curl's --abstract-unix-socket is not supported: Node pads the names of abstract sockets/,
    exitCode: 2,
    trip: to(local, () => '--abstract-unix-socket leakhunt'),
  }),
  refused({
    name: 'a socket that is not there is told by its path',
    done: '`--unix-socket nowhere.sock`',
    says: /localhost:80 could not be reached: there is no socket "nowhere.sock": check --unix-socket, and that the server is running/,
    trip: async () => ({ flags: '--unix-socket nowhere.sock', url: 'http://localhost/upload', at: [] }),
  }),
  refused({
    name: 'a file that is no socket is told by its path',
    done: '`--unix-socket a.txt`',
    says: /cannot connect to the socket "a.txt" \(\w+\): check --unix-socket/,
    trip: async () => ({ flags: '--unix-socket a.txt', url: 'http://localhost/upload', at: [] }),
  }),
  alike({
    name: '--resolve stands for a name server',
    done: '`--resolve api.test:PORT:127.0.0.1`',
    trip: to(named, port => `--resolve api.test:${port}:127.0.0.1`),
  }),
  alike({
    name: '--resolve takes a plus',
    done: '`--resolve +api.test:PORT:127.0.0.1`',
    trip: to(named, port => `--resolve +api.test:${port}:127.0.0.1`),
  }),
  alike({
    name: '--resolve takes a star for every host',
    done: "`--resolve '*:PORT:127.0.0.1'`",
    trip: to(named, port => `--resolve '*:${port}:127.0.0.1'`),
  }),
  alike({
    name: '--resolve believes the last one of two',
    done: '`--resolve api.test:PORT:127.0.0.99 --resolve api.test:PORT:127.0.0.1`',
    trip: to(named, port => `--resolve api.test:${port}:127.0.0.99 --resolve api.test:${port}:127.0.0.1`),
  }),
  alike({
    name: '--resolve takes an address of IPv6',
    done: '`--resolve api.test:PORT:[::1]`',
    trip: toEither(named, port => `--resolve 'api.test:${port}:[::1]'`),
  }),
  alike({
    name: '--resolve tries the next address where the first one refuses',
    done: '`--resolve api.test:PORT:127.0.0.99,127.0.0.1`',
    trip: to(named, port => `--resolve api.test:${port}:127.0.0.99,127.0.0.1`),
  }),
  alike({
    name: '--resolve keeps the name for TLS',
    done: '`--resolve api.test:PORT:127.0.0.1 -k` and https://',
    trip: async listeners => {
      const { port, ...rest } = await listeners.listen({ certificate: 'server' });
      const flags = `-k --resolve api.test:${port}:127.0.0.1`;
      return { flags, url: `https://api.test:${port}/upload`, at: [{ port, ...rest }] };
    },
  }),
  refused({
    name: '--resolve for another port does not count',
    done: '`--resolve api.test:1:127.0.0.1`',
    says: /The host of api.test:\d+ has no address \(DNS \w+/,
    trip: to(named, () => '--resolve api.test:1:127.0.0.1'),
  }),
  refused({
    name: 'a host without an address is told as that',
    done: 'http://nowhere.invalid/upload',
    says: /The host of nowhere.invalid:80 has no address/,
    trip: async () => ({ flags: '', url: 'http://nowhere.invalid/upload', at: [] }),
  }),
  refused({
    name: '--resolve without an address is a usage error',
    done: '`--resolve api.test`',
    says: /--resolve "api.test" is not of the form HOST:PORT:ADDRESS: correct it/,
    exitCode: 2,
    trip: to(named, () => '--resolve api.test'),
  }),
  alike({
    name: '--connect-to leads elsewhere and keeps the name',
    done: '`--connect-to api.test:80:127.0.0.1:PORT`',
    trip: to(
      () => 'http://api.test/upload',
      port => `--connect-to api.test:80:127.0.0.1:${port}`,
    ),
  }),
  alike({
    name: '--connect-to takes empty words for any host and port',
    done: '`--connect-to ::127.0.0.1:PORT`',
    trip: to(
      () => 'http://api.test/upload',
      port => `--connect-to ::127.0.0.1:${port}`,
    ),
  }),
  alike({
    name: '--connect-to for another host does not count',
    done: '`--connect-to other.test:PORT:127.0.0.99:1`',
    trip: to(local, port => `--connect-to other.test:${port}:127.0.0.99:1`),
  }),
  alike({
    name: '--connect-to keeps the name for TLS',
    done: '`--connect-to api.test:443:127.0.0.1:PORT -k` and https://',
    trip: async listeners => {
      const server = await listeners.listen({ certificate: 'server' });
      const flags = `-k --connect-to api.test:443:127.0.0.1:${server.port}`;
      return { flags, url: 'https://api.test/upload', at: [server] };
    },
  }),
  alike({
    name: '--connect-to and --resolve go together',
    done: '`--connect-to api.test:80:app.test:PORT --resolve app.test:PORT:127.0.0.1`',
    trip: to(
      () => 'http://api.test/upload',
      port => `--connect-to api.test:80:app.test:${port} --resolve app.test:${port}:127.0.0.1`,
    ),
  }),
  refused({
    name: '--connect-to to where nothing listens is told with both addresses',
    done: '`--connect-to api.test:80:127.0.0.1:1`',
    says: /Nothing is listening on api.test:80 \(127.0.0.1:1\) \(connection refused\)/,
    trip: async () => ({
      flags: '--connect-to api.test:80:127.0.0.1:1',
      url: 'http://api.test/upload',
      at: [],
    }),
  }),
  alike({
    name: '-4 takes the address of IPv4',
    done: '`-4 --resolve api.test:PORT:[::1],127.0.0.1`',
    trip: toEither(named, port => `-4 --resolve 'api.test:${port}:[::1],127.0.0.1'`),
  }),
  alike({
    name: '-6 takes the address of IPv6',
    done: '`-6 --resolve api.test:PORT:127.0.0.1,[::1]`',
    trip: toEither(named, port => `-6 --resolve 'api.test:${port}:127.0.0.1,[::1]'`),
  }),
  alike({
    name: '--ipv4 leaves a host that has such an address',
    done: '`--ipv4` and http://localhost',
    trip: to(
      port => `http://localhost:${port}/upload`,
      () => '--ipv4',
    ),
  }),
  alike({
    name: '--ipv6 leaves an address of IPv6',
    done: '`--ipv6` and http://[::1]',
    trip: toEither(
      port => `http://[::1]:${port}/upload`,
      () => '-g --ipv6',
    ),
  }),
  refused({
    name: '-6 does not go to an address of IPv4',
    done: '`-6` and http://127.0.0.1',
    says: /127.0.0.1:\d+ could not be reached: 127.0.0.1 has no IPv6 address: remove -6/,
    trip: to(local, () => '-6'),
  }),
  refused({
    name: '-4 does not go to an address of IPv6',
    done: '`-4` and http://[::1]',
    says: /could not be reached: ::1 has no IPv4 address: remove -4/,
    trip: toEither(
      port => `http://[::1]:${port}/upload`,
      () => '-g -4',
    ),
  }),
  alike({
    name: '--interface takes an address to connect from',
    done: '`--interface 127.0.0.2`',
    trip: to(local, () => '--interface 127.0.0.2'),
  }),
  alike({
    name: '--interface takes a name',
    done: '`--interface lo`',
    trip: to(local, () => '--interface lo'),
  }),
  alike({
    name: '--interface takes what it is before a mark',
    done: "`--interface 'host!127.0.0.3'`",
    trip: to(local, () => "--interface 'host!127.0.0.3'"),
  }),
  refused({
    name: 'an interface that is not there is told as that',
    done: '`--interface nothing0`',
    says: /this machine has no interface or address "nothing0" to connect from: check --interface/,
    trip: to(local, () => '--interface nothing0'),
  }),
  refused({
    name: 'a port on which nothing listens is told as that',
    done: 'http://127.0.0.1:1/upload',
    says: /Nothing is listening on 127.0.0.1:1 \(connection refused\): start the server, or check the port/,
    trip: async () => ({ flags: '', url: local(1), at: [] }),
  }),
  refused({
    name: 'an upload that is never answered is given up in time',
    done: '`-m 0.5` to a server that says nothing',
    says: /no complete response within 0.5 s/,
    trip: async listeners => {
      const { port } = await listeners.mute();
      return { flags: '-m 0.5', url: local(port), at: [] };
    },
  }),
];
