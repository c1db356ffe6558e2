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
}

/** A row as curl's own help writes it, as in `-F, --form <name=content>`. */
export function optionOf(flags: string, effect: CurlOption['effect'], note: string): CurlOption {
  const [, short, name, value] = /^(?:-(\S), )?--(\S+)(?: <(.+)>)?$/.exec(flags)!;
  return { name: name!, short, value, effect, note };
}

const requestOptions: [flags: string, note: string][] = [
  ['-F, --form <name=content>', 'a part of the form: name=@file, name=<file or name=value'],
  ['--form-string <name=value>', 'a field taken as it stands'],
  ['--form-escape', 'escape names in the form by backslashes'],
  ['-d, --data <data>', 'a body that is no form; @file without its line ends'],
  ['--data-ascii <data>', 'the same'],
  ['--data-binary <data>', 'the same; @file as it is'],
  ['--data-raw <data>', 'the same; @ has no meaning'],
  ['--data-urlencode <data>', 'the same, escaped: [name=]content or [name]@file'],
  ['--json <data>', 'a body of JSON; @file as it is'],
  ['-T, --upload-file <file>', 'a file as the body, by PUT'],
  ['-H, --header <header>', "a header; 'Name:' leaves a default one out, @file reads them"],
  ['-X, --request <method>', 'the method (default: POST, with -T PUT)'],
  ['-L, --location', 'follow redirects 307 and 308'],
  ['-u, --user <name:password>', 'credentials for basic authentication'],
  ['--basic', 'basic authentication, which is used anyway'],
  ['--oauth2-bearer <token>', 'a bearer token'],
  ['-A, --user-agent <name>', 'the User-Agent header'],
  ['-e, --referer <url>', 'the Referer header'],
  ['-b, --cookie <data|file>', 'cookies: name=value, or a Netscape cookie file'],
  ['-c, --cookie-jar <file>', 'send the cookies that a redirect sets; no file is written'],
  ['--compressed', 'ask for a compressed answer'],
  ['-k, --insecure', 'accept any certificate'],
  ['--cacert <file>', 'authorities to trust (PEM)'],
  ['-E, --cert <file[:password]>', "the client's certificate (PEM)"],
  ['--cert-type <type>', 'PEM, which it is anyway'],
  ['--key <file>', 'its private key (PEM)'],
  ['--key-type <type>', 'PEM, which it is anyway'],
  ['--pass <phrase>', 'passphrase of the private key'],
  ['-m, --max-time <seconds>', 'limit of one upload (default: 300)'],
  ['--connect-timeout <seconds>', 'limit for connecting (default: 10)'],
  ['-1, --tlsv1', 'TLS, which https:// is anyway'],
  ['--tlsv1.0', 'TLS 1.0 or newer'],
  ['--tlsv1.1', 'TLS 1.1 or newer'],
  ['--tlsv1.2', 'TLS 1.2 or newer'],
  ['--tlsv1.3', 'TLS 1.3 or newer'],
  ['--tls-max <VERSION>', 'the newest version of TLS to speak'],
  ['--unix-socket <path>', 'connect to this socket'],
  ['--resolve <[+]host:port:addr[,addr]...>', 'look the host up as this address (repeatable)'],
  ['--connect-to <HOST1:PORT1:HOST2:PORT2>', 'connect to the second in place of the first (repeatable)'],
  ['-4, --ipv4', 'connect to addresses of IPv4 alone'],
  ['-6, --ipv6', 'connect to addresses of IPv6 alone'],
  ['--interface <name>', 'connect from this interface or address'],
  ['-x, --proxy <url>', 'an HTTP proxy to go through'],
  ['-U, --proxy-user <name:password>', 'credentials for the proxy'],
  ['--proxy-basic', 'basic authentication at the proxy, which is used anyway'],
  ['-p, --proxytunnel', 'have the proxy connect to the server also for http://'],
  ['--noproxy <hosts>', 'hosts that need no proxy; * is all of them'],
  ['--http1.1', 'HTTP/1.1, which is used anyway'],
  ['--http2', 'HTTP/2'],
  ['--http2-prior-knowledge', 'the same'],
  ['-g, --globoff', 'take {} and [] in the URL as they are'],
  ['--url <url>', 'where to upload to'],
];

/** Every option of curl 7.88: those that shape the request, then the accepted ones, then the refused. */
export const curlOptions: readonly CurlOption[] = [
  ...requestOptions.map(([flags, note]) => optionOf(flags, 'request', note)),
  ...optionsWithoutEffect.map(flags => optionOf(flags, 'none', "is about curl's own output or connections")),
  ...refusedOptions.flatMap(([why, ...flags]) => flags.map(each => optionOf(each, 'refused', why))),
];

/** The name of an option if it is not known which of its names was written. */
export function shownAs({ name, short }: CurlOption): string {
  return short === undefined ? `--${name}` : `-${short}/--${name}`;
}
