import { authorityOf, sameHost } from './authority.js';
import { type DialOptions, plainly } from './dial-options.js';

/** Where the uploads go, and how they connect. */
export interface UploadConnection {
  url: URL;
  options: DialOptions;
}

/**
 * How to connect to a URL that is not the uploads' own, such as a page of metrics. The same origin is reached
 * as the uploads reach it; another port of the same host without their socket and protocol; another host
 * without anything that identifies the uploads' sender. Trust and network settings are the same everywhere; a
 * proxy gets its own password and nothing else. This machine itself is reached directly, unless the uploads
 * go there through a proxy.
 */
export function dialOptionsTo(url: URL, uploads: UploadConnection | undefined): DialOptions {
  if (!uploads) return plainly;
  const { url: home, options } = uploads;
  if (url.origin === home.origin) return options;
  const atHome = sameHost(url.hostname, home.hostname);
  const known = atHome ? neighbours : isLoopback(url) ? here : strangers;
  const found = known.get(options) ?? restricted(options, known);
  known.set(options, found);
  return found;
}

type Restricted = WeakMap<DialOptions, DialOptions>;
const neighbours: Restricted = new WeakMap();
const strangers: Restricted = new WeakMap();
const here: Restricted = new WeakMap();

function restricted(options: DialOptions, kind: Restricted): DialOptions {
  const { unixSocket: _, http2: __, ...network } = options;
  if (kind === neighbours) return network;
  const { cert: _cert, key: _key, pass: _pass, ...anonymous } = network;
  if (kind === strangers) return anonymous;
  const { interface: _interface, ipFamily: _family, ...loopback } = anonymous;
  return { ...loopback, noproxy: '*' };
}

function isLoopback(url: URL): boolean {
  const { host } = authorityOf(url);
  return /^127(\.\d+){3}$|^::1$/.test(host) || /^(.*\.)?localhost\.?$/i.test(host);
}
