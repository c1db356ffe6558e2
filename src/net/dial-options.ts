/**
 * How connections are opened; the names and their meaning are those of curl's flags. An `UploadRequest` is
 * one of these.
 */
export interface DialOptions {
  /** The limit for all of it, including a proxy's response and the TLS handshake, in seconds. */
  connectTimeout: number;
  /** Accept any certificate. */
  insecure: boolean;
  /** PEM file of the authorities to trust instead of the default ones. */
  cacert?: string;
  /** PEM files of leakhunt's own certificate and its key, and the key's passphrase. */
  cert?: string;
  key?: string;
  pass?: string;
  /** The oldest and the newest version of TLS to use. */
  tlsMin?: TlsVersion;
  tlsMax?: TlsVersion;
  /** Connect to this socket, whatever the URL's host. */
  unixSocket?: string;
  /** `[http://][name:password@]host[:port]`; empty for none, whatever the environment says. */
  proxy?: string;
  /** `name:password` for the proxy. */
  proxyUser?: string;
  /** Have the proxy connect to the server even without TLS. */
  proxyTunnel?: boolean;
  /** The proxies of the environment, by the scheme of the URL: `proxy` takes precedence. */
  proxies?: { http?: string; https?: string };
  /** Hosts that need no proxy: names with their subdomains, addresses, networks; `*` is all of them. */
  noproxy?: string;
  /** `[+]HOST:PORT:ADDRESS[,ADDRESS]...`: the addresses of a host. */
  resolve?: string[];
  /** `HOST1:PORT1:HOST2:PORT2`: connect to the second instead of the first. */
  connectTo?: string[];
  /** The only address family to connect to. */
  ipFamily?: 4 | 6;
  /** What to connect from: an interface's name, or an address of this machine. */
  interface?: string;
  /** HTTP/2: agreed on by ALPN over TLS, by prior knowledge without. */
  http2?: boolean;
}

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** The options by default. */
export const plainly: DialOptions = { connectTimeout: 10, insecure: false };

/** All of their names, so that code that passes options on forgets none. */
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
