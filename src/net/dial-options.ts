/**
 * How connections are opened; the names are those of curl's flags, and so is their meaning. An `UploadRequest` is one
 * of these.
 */
export interface DialOptions {
  /** Limit for all of it, a proxy's answer and the TLS handshake included, in seconds. */
  connectTimeout: number;
  /** Accept any certificate. */
  insecure: boolean;
  /** PEM file of the authorities to trust, in place of the known ones. */
  cacert?: string;
  /** PEM files of leakhunt's own certificate and its key, and the key's passphrase. */
  cert?: string;
  key?: string;
  pass?: string;
  /** The oldest and the newest version of TLS to speak. */
  tlsMin?: TlsVersion;
  tlsMax?: TlsVersion;
  /** Connect to this socket, whatever the URL's host. */
  unixSocket?: string;
  /** `[http://][name:password@]host[:port]`; empty for none, whatever the environment says. */
  proxy?: string;
  /** `name:password` for the proxy. */
  proxyUser?: string;
  /** Have the proxy connect to the server also where there is no TLS. */
  proxyTunnel?: boolean;
  /** The proxies of the environment, by the scheme of the URL: `proxy` goes before them. */
  proxies?: { http?: string; https?: string };
  /** Hosts that need no proxy: names with their subdomains, addresses, networks; `*` is all of them. */
  noproxy?: string;
  /** `[+]HOST:PORT:ADDRESS[,ADDRESS]...`: what a host is looked up as. */
  resolve?: string[];
  /** `HOST1:PORT1:HOST2:PORT2`: connect to the second where the first is meant. */
  connectTo?: string[];
  /** The one family of addresses to connect to. */
  ipFamily?: 4 | 6;
  /** What to connect from: an interface's name, or an address of this machine. */
  interface?: string;
  /** HTTP/2: agreed on by ALPN over TLS, by prior knowledge without. */
  http2?: boolean;
}

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** What stands where nobody says how to connect. */
export const plainly: DialOptions = { connectTimeout: 10, insecure: false };

/** Every one of them: whoever hands options on forgets none. */
const names = Object.keys({
  connectTimeout: true,
  insecure: true,
  cacert: true,
  cert: true,
  key: true,
  pass: true,
  tlsMin: true,
  tlsMax: true,
  unixSocket: true,
  proxy: true,
  proxyUser: true,
  proxyTunnel: true,
  proxies: true,
  noproxy: true,
  resolve: true,
  connectTo: true,
  ipFamily: true,
  interface: true,
  http2: true,
} satisfies Record<keyof DialOptions, true>) as (keyof DialOptions)[];

/** The options of a connection among others. */
export function dialOptionsIn<Options extends Partial<DialOptions>>(
  options: Options,
): Pick<Options, keyof DialOptions & keyof Options> {
  return Object.fromEntries(names.map(name => [name, options[name]])) as Pick<
    Options,
    keyof DialOptions & keyof Options
  >;
}
