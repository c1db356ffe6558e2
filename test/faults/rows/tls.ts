import { alike, refused, stricter } from '../beside-curl.js';
import { certificates } from '../certificates.js';
import type { Listeners, ListenOptions } from '../listeners.js';
import type { Fault } from '../row.js';

const pem = (name: string) => certificates().path(name);

/** A trip to a TLS server with a certificate of the private authority, at `localhost` unless told otherwise. */
const to = (flags: () => string, options: ListenOptions = {}, host = 'localhost') => {
  return async (listeners: Listeners) => {
    const server = await listeners.listen({ certificate: 'server', ...options });
    return { flags: flags(), url: `https://${host}:${server.port}/upload`, at: [server] };
  };
};

const asking: ListenOptions = { rejectUnauthorized: true };

/** TLS: which certificates are believed and shown, and which versions are spoken. */
export const tlsFaults: Fault[] = [
  alike({
    name: '--cacert trusts a private authority',
    done: '`--cacert ca.pem`, and a certificate that this authority signed',
    trip: to(() => `--cacert ${pem('ca.pem')}`),
  }),
  alike({
    name: '-k accepts a certificate of an unknown authority',
    done: '`-k`, and a certificate that a private authority signed',
    trip: to(() => '-k'),
  }),
  alike({
    name: '-k accepts a certificate that is signed by nobody but itself',
    done: '`--insecure`, and a self-signed certificate',
    trip: to(() => '--insecure', { certificate: 'stranger' }),
  }),
  alike({
    name: '-k accepts a certificate that has expired',
    done: '`-k`, and a certificate of yesterday',
    trip: to(() => '-k', { certificate: 'expired' }),
  }),
  alike({
    name: '-k accepts a certificate for another host',
    done: '`-k`, and a certificate for other.test at localhost',
    trip: to(() => '-k', { certificate: 'other' }),
  }),
  refused({
    name: 'an unknown authority is refused with both ways out',
    done: 'a certificate that a private authority signed, and no flag',
    says: /TLS with localhost:\d+ failed: the server's certificate is signed by an authority that is not trusted here: add the authority with --cacert, or accept any certificate with -k\./,
    trip: to(() => ''),
  }),
  refused({
    name: 'another authority than the one that signed is refused',
    done: '`--cacert stranger.pem`, which did not sign the certificate',
    says: /an authority that is not trusted here: add the authority with --cacert/,
    trip: to(() => `--cacert ${pem('stranger.pem')}`),
  }),
  refused({
    name: 'an expired certificate is told as that',
    done: '`--cacert ca.pem`, and a certificate of yesterday',
    says: /the server's certificate has expired: renew it, or accept any certificate with -k/,
    trip: to(() => `--cacert ${pem('ca.pem')}`, { certificate: 'expired' }),
  }),
  refused({
    name: 'a certificate for another host is told as that',
    done: '`--cacert ca.pem`, and a certificate for other.test at localhost',
    says: /the server's certificate is for another host: use that host name/,
    trip: to(() => `--cacert ${pem('ca.pem')}`, { certificate: 'other' }),
  }),
  alike({
    name: 'an address that the certificate names is as good as a host',
    done: '`--cacert ca.pem` and https://127.0.0.1',
    trip: to(() => `--cacert ${pem('ca.pem')}`, {}, '127.0.0.1'),
  }),
  refused({
    name: 'a file of authorities that is missing is a usage error',
    done: '`--cacert nowhere.pem`',
    says: /--cacert "nowhere.pem" could not be read \(the file does not exist\): check the path/,
    exitCode: 2,
    trip: to(() => '--cacert nowhere.pem'),
  }),
  alike({
    name: '--cert and --key say who uploads',
    done: '`--cert client.pem --key client.key` to a server that insists on it',
    trip: to(() => `-k --cert ${pem('client.pem')} --key ${pem('client.key')}`, asking),
  }),
  alike({
    name: '--pass opens the key of the client',
    done: "`--cert client.pem --key secret.key --pass 'open it'`",
    trip: to(() => `-k --cert ${pem('client.pem')} --key ${pem('secret.key')} --pass 'open it'`, asking),
  }),
  alike({
    name: '-E takes certificate, key and passphrase in one',
    done: "`-E 'bundle.pem:open it'`, with `--cert-type PEM --key-type PEM`",
    trip: to(() => `-k -E '${pem('bundle.pem')}:open it' --cert-type PEM --key-type PEM`, asking),
  }),
  refused({
    name: 'a wrong passphrase is a usage error',
    done: '`--pass wrong`',
    says: /could not be used .*and the passphrase of the key with --pass/,
    exitCode: 2,
    trip: to(() => `-k --cert ${pem('client.pem')} --key ${pem('secret.key')} --pass wrong`, asking),
  }),
  refused({
    name: 'a server that insists on a certificate is told as that',
    done: 'no `--cert`, and a server that insists on one (TLS 1.3)',
    says: /the server requires a client certificate: give one with --cert and --key/,
    trip: to(() => '-k', asking),
  }),
  refused({
    name: 'a server of TLS 1.2 that insists on a certificate is told as that',
    done: 'no `--cert`, and a server of TLS 1.2 that insists on one',
    says: /may require a client certificate \(--cert, --key\)|requires a client certificate/,
    trip: to(() => '-k', { ...asking, maxVersion: 'TLSv1.2' }),
  }),
  refused({
    name: 'a server that hangs up on the certificate of the client is told as that',
    done: '`--cert stranger.pem` to a server that insists on one of its authority',
    says: /got no response \(ECONNRESET: the server closed the connection without a response\)/,
    trip: to(() => `-k --cert ${pem('stranger.pem')} --key ${pem('stranger.key')}`, asking),
  }),
  ...['-1', '--tlsv1', '--tlsv1.0', '--tlsv1.1', '--tlsv1.2', '--tlsv1.3'].map(flag =>
    alike({
      name: `${flag} goes through where the server speaks a newer version`,
      done: `\`${flag}\` to a server of TLS 1.2 and 1.3`,
      trip: to(() => `-k ${flag}`),
    }),
  ),
  alike({
    name: '--tls-max holds the version down',
    done: '`--tls-max 1.2` to a server of TLS 1.2 and 1.3',
    trip: to(() => '-k --tls-max 1.2'),
  }),
  refused({
    name: 'a version that the server does not speak is told as that',
    done: '`--tlsv1.3` to a server of TLS 1.2',
    says: /the server speaks none of the allowed TLS versions: allow more with --tlsv1.x or --tls-max/,
    trip: to(() => '-k --tlsv1.3', { maxVersion: 'TLSv1.2' }),
  }),
  ...['', '--tlsv1.0'].map(flag =>
    refused({
      name: `a server of TLS 1.1 is told as that ${flag && `under ${flag}`}`.trim(),
      done: `a server of TLS 1.1 at most${flag && `, with \`${flag}\``}`,
      says: /the server only speaks TLS older than 1.2: upgrade its TLS/,
      trip: to(() => `-k ${flag}`, {
        minVersion: 'TLSv1',
        maxVersion: 'TLSv1.1',
        ciphers: 'DEFAULT@SECLEVEL=0',
      }),
    }),
  ),
  refused({
    name: 'https to a server that speaks none is told as that',
    done: '`https://` to a server of plain HTTP',
    says: /the server does not speak TLS: use http:\/\/ instead of https:\/\//,
    trip: async listeners => {
      const server = await listeners.listen();
      return { flags: '-k', url: `https://localhost:${server.port}/upload`, at: [server] };
    },
  }),
  refused({
    name: 'a handshake that never ends is given up in time',
    done: '`--connect-timeout 0.3` to a server that says nothing',
    says: /did not accept a connection within 0.3 s: check the host, or raise --connect-timeout/,
    trip: async listeners => {
      const { port } = await listeners.mute();
      return { flags: '-k --connect-timeout 0.3', url: `https://localhost:${port}/upload`, at: [] };
    },
  }),
  alike({
    name: '--http2 is agreed on by ALPN',
    done: '`--http2` to a server of both versions',
    trip: to(() => '-k --http2', { http2: 'both' }),
  }),
  alike({
    name: '--http2 speaks to a server that speaks nothing else',
    done: '`--http2` to a server of HTTP/2 alone',
    trip: to(() => `--cacert ${pem('ca.pem')} --http2`, { http2: 'only' }),
  }),
  alike({
    name: '--http2-prior-knowledge is the same over TLS',
    done: '`--http2-prior-knowledge` to a server of HTTP/2 alone',
    trip: to(() => '-k --http2-prior-knowledge', { http2: 'only' }),
  }),
  alike({
    name: '--http1.1 keeps to it where the server offers more',
    done: '`--http1.1` to a server of both versions',
    trip: to(() => '-k --http1.1', { http2: 'both' }),
  }),
  alike({
    name: '--http2-prior-knowledge goes without TLS',
    done: '`--http2-prior-knowledge` to http://',
    trip: async listeners => {
      const server = await listeners.listen({ http2: 'only' });
      const url = `http://localhost:${server.port}/upload`;
      return { flags: '--http2-prior-knowledge', url, at: [server] };
    },
  }),
  stricter({
    name: 'a server of HTTP/2 alone asks for --http2',
    done: 'no `--http2`, and a server of HTTP/2 alone, to which curl speaks it by itself',
    says: /TLS with localhost:\d+ failed: the server only speaks HTTP\/2: add --http2\./,
    exitCode: 4,
    trip: to(() => '-k', { http2: 'only' }),
  }),
  refused({
    name: 'a server of HTTP/2 alone asks for --http2 without TLS too',
    done: 'no `--http2`, and a server of HTTP/2 alone at http://',
    says: /the server only speaks HTTP\/2: add --http2/,
    trip: async listeners => {
      const server = await listeners.listen({ http2: 'only' });
      return { flags: '', url: `http://localhost:${server.port}/upload`, at: [server] };
    },
  }),
  stricter({
    name: 'a server without HTTP/2 is not hunted by HTTP/1.1 under --http2',
    done: '`--http2` to a server of HTTP/1.1, where curl is content with that',
    says: /the server does not support HTTP\/2: remove --http2/,
    exitCode: 4,
    trip: to(() => '-k --http2'),
  }),
];
