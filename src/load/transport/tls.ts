import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';
import { codeOf, messageOf, usageError } from '../../errors.js';
import type { DialOptions } from './dial.js';

const contexts = new WeakMap<object, SecureContext>();

/** The certificates of a request, read once. Throws a usage error for a file that cannot be used. */
export function secureContextOf(options: DialOptions): SecureContext {
  const known = contexts.get(options);
  if (known) return known;
  const { cacert, cert, key, pass } = options;
  const read = (flag: string, path?: string) => (path === undefined ? undefined : pemOf(flag, path));
  const files = {
    ca: read('--cacert', cacert),
    cert: read('--cert', cert),
    key: read('--key', key ?? cert), // as curl: one file may hold both
    passphrase: pass,
  };
  try {
    const context = createSecureContext(files);
    contexts.set(options, context);
    return context;
  } catch (error) {
    const named = [cacert && `--cacert "${cacert}"`, cert && `--cert "${cert}"`, key && `--key "${key}"`];
    throw usageError(
      'BAD_CERTIFICATE',
      `${named.filter(Boolean).join(' with ')} cannot be used (${messageOf(error)}): ` +
        'give PEM files that belong together, and the passphrase of the key by --pass.',
    );
  }
}

function pemOf(flag: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const why = codeOf(error) === 'ENOENT' ? 'there is no such file' : messageOf(error);
    throw usageError('BAD_CERTIFICATE', `${flag} "${path}" cannot be read (${why}): check the path.`);
  }
}

const unknownAuthority =
  'the certificate of the server is signed by an authority that is not trusted here: name it with --cacert, or accept any certificate with -k';

/** What to do about the errors of a handshake, by their code. */
const advice: Record<string, string> = {
  CERT_HAS_EXPIRED: 'the certificate of the server has expired: renew it, or accept any certificate with -k',
  CERT_NOT_YET_VALID:
    'the certificate of the server is not valid yet: check the clocks, or accept any certificate with -k',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'the certificate of the server is signed by nobody but itself: name it with --cacert, or accept any certificate with -k',
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  ERR_TLS_CERT_ALTNAME_INVALID:
    'the certificate of the server is for another host: use the name it is for, or accept any certificate with -k',
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: 'the server offers no HTTP/2: leave out --http2',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    'the server asks for a certificate: give one by --cert and --key',
};

/** The same error with its next step, where there is one to tell. */
export function explained(error: Error, { unixSocket, proxy }: DialOptions): Error {
  const code = codeOf(error) ?? '';
  if (advice[code] !== undefined) error.message = advice[code];
  else if (/wrong version number/i.test(error.message)) {
    error.message = 'the server does not speak TLS: write http:// in place of https://';
  } else if (unixSocket !== undefined && code === 'ENOENT') {
    error.message = `there is no socket "${unixSocket}": check --unix-socket, and that the server runs`;
  } else if (proxy !== undefined && code === 'ECONNREFUSED') {
    error.message = `the proxy cannot be reached (${messageOf(error)}): check -x`;
  }
  return error;
}
