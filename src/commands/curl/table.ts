import { refusedOptions } from './table-refused.js';
import { optionsWithoutEffect } from './table-without-effect.js';

/** One of curl's options, and what it means to an upload. */
export interface CurlOption {
  /** The long name, without its dashes. */
  name: string;
  /** The letter, without its dash. */
  short?: string;
  /** The name of its value; absent if it takes none. */
  value?: string;
  /** It shapes the request, or is about curl's own output and accepted, or is not supported. */
  effect: 'request' | 'none' | 'refused';
  /** What it does, or why it is refused. */
  note: string;
  /** Whether it changes nothing, or has another name: it is accepted, and no help shows it. */
  idle?: boolean;
}

/** A row as curl's own help writes it, as in `-F, --form <name=content>`. */
export function optionOf(flags: string, effect: CurlOption['effect'], note: string): CurlOption {
  const [, short, name, value] = /^(?:-(\S), )?--(\S+)(?: <(.+)>)?$/.exec(flags)!;
  return { name: name!, short, value, effect, note };
}

/** Marks what asks for what is done anyway, or for what another option does: no help shows it. */
const idle = true;

const requestOptions: [flags: string, note: string, isIdle?: boolean][] = [
  ['-F, --form <name=content>', 'form field: name=@file, or name=value for text'],
  ['--form-string <name=value>', 'form field whose value is sent as it is'],
  ['--form-escape', 'escape form names with backslashes'],
  ['-d, --data <data>', 'send this as the body; @file sends a file without its line ends'],
  ['--data-ascii <data>', 'the same as -d', idle],
  ['--data-binary <data>', 'like -d, but @file is sent as it is'],
  ['--data-raw <data>', 'like -d, but @ has no meaning'],
  ['--data-urlencode <data>', 'like -d, but URL-encoded: [name=]content or [name]@file'],
  ['--json <data>', 'send this as a JSON body; @file sends a file'],
  ['-T, --upload-file <file>', 'send this file as the body, with PUT'],
  ['-H, --header <header>', "header; 'Name:' removes one, @file reads a list"],
  ['-X, --request <method>', 'method (default: POST, or PUT with -T)'],
  ['-L, --location', 'follow redirects 307 and 308'],
  ['-u, --user <name:password>', 'credentials for basic authentication'],
  ['--basic', 'basic authentication, which is the default', idle],
  ['--oauth2-bearer <token>', 'bearer token'],
  ['-A, --user-agent <name>', 'User-Agent header'],
  ['-e, --referer <url>', 'Referer header'],
  ['-b, --cookie <data|file>', 'cookies as name=value, or a Netscape cookie file'],
  ['-c, --cookie-jar <file>', 'keep the cookies that a redirect sets; no file is written'],
  ['--compressed', 'ask for a compressed response'],
  ['-k, --insecure', 'accept any certificate'],
  ['--cacert <file>', 'certificate authorities to trust (PEM)'],
  ['-E, --cert <file[:password]>', 'client certificate (PEM)'],
  ['--cert-type <type>', 'PEM, which is the default', idle],
  ['--key <file>', 'private key of the client certificate (PEM)'],
  ['--key-type <type>', 'PEM, which is the default', idle],
  ['--pass <phrase>', 'passphrase of the private key'],
  ['-m, --max-time <seconds>', 'time limit for one upload (default: 300)'],
  ['--connect-timeout <seconds>', 'time limit for connecting (default: 10)'],
  ['-1, --tlsv1', 'TLS, which https:// always uses', idle],
  ['--tlsv1.0', 'use TLS 1.0 or newer'],
  ['--tlsv1.1', 'use TLS 1.1 or newer'],
  ['--tlsv1.2', 'use TLS 1.2 or newer'],
  ['--tlsv1.3', 'use TLS 1.3 or newer'],
  ['--tls-max <VERSION>', 'newest TLS version to use'],
  ['--unix-socket <path>', 'connect to this Unix socket'],
  ['--resolve <[+]host:port:addr[,addr]...>', 'resolve this host to this address (repeatable)'],
  ['--connect-to <HOST1:PORT1:HOST2:PORT2>', 'connect to the second host instead of the first (repeatable)'],
  ['-4, --ipv4', 'IPv4 only'],
  ['-6, --ipv6', 'IPv6 only'],
  ['--interface <name>', 'connect from this network interface or address'],
  ['-x, --proxy <url>', 'use this HTTP proxy'],
  ['-U, --proxy-user <name:password>', 'credentials for the proxy'],
  ['--proxy-basic', 'basic authentication at the proxy, which is the default', idle],
  ['-p, --proxytunnel', 'tunnel through the proxy (CONNECT) for http:// too'],
  ['--noproxy <hosts>', 'hosts to reach without the proxy; * is all of them'],
  ['--http1.1', 'HTTP/1.1, which is the default', idle],
  ['--http2', 'use HTTP/2'],
  ['--http2-prior-knowledge', 'the same as --http2', idle],
  ['-g, --globoff', 'treat {} and [] in the URL literally'],
  ['--url <url>', 'where to upload to'],
];

/** Every option of curl 7.88: those that shape the request, then the accepted ones, then the refused. */
export const curlOptions: readonly CurlOption[] = [
  ...requestOptions.map(([flags, note, isIdle]) => ({ ...optionOf(flags, 'request', note), idle: isIdle })),
  ...optionsWithoutEffect.map(flags =>
    optionOf(flags, 'none', "only affects curl's own output or connections"),
  ),
  ...refusedOptions.flatMap(([why, ...flags]) => flags.map(each => optionOf(each, 'refused', why))),
];

/** The name of an option if it is not known which of its names was written. */
export function shownAs({ name, short }: CurlOption): string {
  return short === undefined ? `--${name}` : `-${short}/--${name}`;
}
