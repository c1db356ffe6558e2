import { codeOf, messageOf } from '../errors.js';
import { authorityOf } from './authority.js';
import type { DialOptions } from './dial-options.js';
import { proxyNamed, proxyOf } from './proxy.js';

const unknownAuthority =
  'the certificate of the server is signed by an authority that is not trusted here: name it with --cacert, or accept any certificate with -k';

const certificateRefused =
  'the server does not accept the certificate of --cert: give one that is valid and that its authority signed';

/** What to do about the errors of a handshake, by their code. */
const handshakes: Record<string, string> = {
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
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    'the server asks for a certificate: give one by --cert and --key',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE:
    'the server ended the handshake: give the certificate that it may ask for by --cert and --key, or another version of TLS by --tlsv1.x or --tls-max',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: certificateRefused,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: certificateRefused,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: certificateRefused,
  ERR_SSL_WRONG_VERSION_NUMBER: 'the server does not speak TLS: write http:// in place of https://',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'the server does not speak TLS: write http:// in place of https://',
};

/** A server that speaks HTTP/2 and nothing else. */
export const onlyHttp2 = 'the server speaks HTTP/2 alone: add --http2';

const tooOld = 'the server speaks an older TLS than 1.2: have it speak a newer one';

const noHttp2 = 'the server offers no HTTP/2: leave out --http2';

/** The same error with its next step, where there is one to tell. */
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
      : 'the server speaks no version of TLS that is left: allow more by --tlsv1.x or --tls-max';
  }
  if (/LEGACY_SIGALG/.test(code)) return tooOld;
  const reason = /:SSL routines:[^:]*:([^:]+):/.exec(error.message)?.[1];
  if (reason !== undefined) return `the handshake failed (${reason}): check what TLS the server speaks`;
  if (code === 'EMFILE' || code === 'ENFILE') {
    return `leakhunt may open no more files (${code}): raise the limit by ulimit -n, or lower -c`;
  }
  if (!isOfConnecting(error)) return undefined;
  if (unixSocket !== undefined) {
    return code === 'ENOENT'
      ? `there is no socket "${unixSocket}": check --unix-socket, and that the server runs`
      : `the socket "${unixSocket}" cannot be connected to (${code}): check --unix-socket, and that the server runs`;
  }
  if (code === 'ETIMEDOUT') return undefined;
  if (proxyOf(url, options)) {
    return `the proxy cannot be reached (${messageOf(error)}): check ${proxyNamed(url, options).flag}`;
  }
  if (options.interface !== undefined && /^(EADDRNOTAVAIL|EINVAL|ENODEV|EACCES)$/.test(code)) {
    const { host } = authorityOf(url);
    return `there is no way from --interface "${options.interface}" to ${host} (${code}): check both`;
  }
  return undefined;
}

/** Whether no connection came to be, of several addresses to any; what breaks later has another call of the system. */
function isOfConnecting(error: Error): boolean {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return /^(connect|bind|getaddrinfo)$/.test((first as NodeJS.ErrnoException).syscall ?? '');
}
