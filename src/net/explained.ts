import { codeOf, messageOf } from '../errors.js';
import { authorityOf } from './authority.js';
import type { DialOptions } from './dial-options.js';
import { proxyNamed, proxyOf } from './proxy.js';

const unknownAuthority =
  "the server's certificate is signed by an authority that is not trusted here: add the authority with --cacert, or accept any certificate with -k";

const certificateRefused =
  "the server rejects the certificate of --cert: use a valid one that the server's authority signed";

/** What to do about the errors of a handshake, by their code. */
const handshakes: Record<string, string> = {
  CERT_HAS_EXPIRED: "the server's certificate has expired: renew it, or accept any certificate with -k",
  CERT_NOT_YET_VALID:
    "the server's certificate is not valid yet: check the clocks, or accept any certificate with -k",
  DEPTH_ZERO_SELF_SIGNED_CERT:
    "the server's certificate is self-signed: trust it with --cacert, or accept any certificate with -k",
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  ERR_TLS_CERT_ALTNAME_INVALID:
    "the server's certificate is for another host: use that host name, or accept any certificate with -k",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    'the server requires a client certificate: give one with --cert and --key',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE:
    'the server ended the TLS handshake: it may require a client certificate (--cert, --key) or another TLS version (--tlsv1.x, --tls-max)',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: certificateRefused,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: certificateRefused,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: certificateRefused,
  ERR_SSL_WRONG_VERSION_NUMBER: 'the server does not speak TLS: use http:// instead of https://',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'the server does not speak TLS: use http:// instead of https://',
};

/** A server that speaks HTTP/2 and nothing else. */
export const onlyHttp2 = 'the server only speaks HTTP/2: add --http2';

const tooOld = 'the server only speaks TLS older than 1.2: upgrade its TLS';

const noHttp2 = 'the server does not support HTTP/2: remove --http2';

/** The same error with its next step, if there is one. */
export function explained(error: Error, url: URL, options: DialOptions): Error {
  const advice = adviceOn(error, url, options);
  // That of a time limit (a DOMException) cannot be set.
  if (advice !== undefined) error.message = advice;
  return error;
}

function adviceOn(error: Error, url: URL, options: DialOptions): string | undefined {
  const { unixSocket, http2, tlsMin, tlsMax } = options;
  const code = codeOf(error) ?? '';
  if (handshakes[code] !== undefined) return handshakes[code];
  if (/wrong version number/i.test(error.message)) return handshakes.ERR_SSL_WRONG_VERSION_NUMBER;
  if (/NO_APPLICATION_PROTOCOL$/.test(code)) return http2 ? noHttp2 : onlyHttp2;
  if (/PROTOCOL_VERSION$|UNSUPPORTED_PROTOCOL$/.test(code)) {
    return (tlsMin ?? tlsMax) === undefined
      ? tooOld
      : 'the server speaks none of the allowed TLS versions: allow more with --tlsv1.x or --tls-max';
  }
  if (/LEGACY_SIGALG/.test(code)) return tooOld;
  const reason = /:SSL routines:[^:]*:([^:]+):/.exec(error.message)?.[1];
  if (reason !== undefined)
    return `the handshake failed (${reason}): check which TLS versions the server supports`;
  if (code === 'EMFILE' || code === 'ENFILE') {
    return `leakhunt has too many open files (${code}): raise the limit with ulimit -n, or lower -c`;
  }
  if (!isOfConnecting(error)) return undefined;
  if (unixSocket !== undefined) {
    return code === 'ENOENT'
      ? `there is no socket "${unixSocket}": check --unix-socket, and that the server is running`
      : `cannot connect to the socket "${unixSocket}" (${code}): check --unix-socket, and that the server is running`;
  }
  if (code === 'ETIMEDOUT') return undefined;
  if (proxyOf(url, options)) {
    return `the proxy could not be reached (${messageOf(error)}): check ${proxyNamed(url, options).flag}`;
  }
  if (options.interface !== undefined && /^(EADDRNOTAVAIL|EINVAL|ENODEV|EACCES)$/.test(code)) {
    const { host } = authorityOf(url);
    return `there is no route from --interface "${options.interface}" to ${host} (${code}): check both`;
  }
  return undefined;
}

/**
 * Whether no connection was made, also if several addresses were tried; an error that comes later has another
 * system call.
 */
function isOfConnecting(error: Error): boolean {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return /^(connect|bind|getaddrinfo)$/.test((first as NodeJS.ErrnoException).syscall ?? '');
}
