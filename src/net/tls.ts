import { readFileSync } from 'node:fs';
import { isIP, type Socket } from 'node:net';
import {
  type ConnectionOptions,
  connect,
  createSecureContext,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { codeOf, messageOf, usageError } from '../errors.js';
import { bare } from './authority.js';
import type { DialOptions } from './dial-options.js';

const contexts = new WeakMap<object, SecureContext>();

/** Begins a handshake with the host of a URL; `protocols` are offered by ALPN. The caller owns the socket. */
export function startTls(
  over: { socket: Socket } | Omit<ConnectionOptions, 'host'>,
  url: URL,
  options: DialOptions,
  protocols = ['http/1.1'],
): TLSSocket {
  const host = bare(url.hostname);
  return connect({
    host,
    ...over,
    servername: isIP(host) ? '' : host,
    rejectUnauthorized: !options.insecure,
    secureContext: secureContextOf(options),
    ALPNProtocols: protocols,
  });
}

/** The certificates of a request, read once. Throws a usage error for a file that cannot be used. */
export function secureContextOf(options: DialOptions): SecureContext {
  const known = contexts.get(options);
  if (known) return known;
  const { cacert, cert, key, pass, tlsMin, tlsMax } = options;
  const read = (flag: string, path?: string) => (path === undefined ? undefined : pemOf(flag, path));
  const files = {
    ca: read('--cacert', cacert),
    cert: read('--cert', cert),
    key: read('--key', key ?? cert), // as in curl: one file may contain both
    passphrase: pass,
    ...(tlsMin === undefined ? {} : { minVersion: tlsMin }),
    ...(tlsMax === undefined ? {} : { maxVersion: tlsMax }),
  };
  try {
    const context = createSecureContext(files);
    contexts.set(options, context);
    return context;
  } catch (error) {
    const named = [cacert && `--cacert "${cacert}"`, cert && `--cert "${cert}"`, key && `--key "${key}"`];
    throw usageError(
      'BAD_CERTIFICATE',
      `${named.filter(Boolean).join(' with ')} could not be used (${messageOf(error)}): ` +
        'give PEM files that belong together, and the passphrase of the key with --pass.',
    );
  }
}

function pemOf(flag: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const why = codeOf(error) === 'ENOENT' ? 'the file does not exist' : messageOf(error);
    throw usageError('BAD_CERTIFICATE', `${flag} "${path}" could not be read (${why}): check the path.`);
  }
}
