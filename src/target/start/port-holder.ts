import { lookup } from 'node:dns/promises';
import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { authorityOf } from '../../net/authority.js';
import { dial } from '../../net/dial.js';
import { routeOf } from '../../net/route.js';
import { dialOptionsTo, type UploadConnection } from '../../net/uploads.js';
import { pidsListeningOn } from '../processes/listening.js';
import { descriptors, processes } from '../processes/procfs.js';
import { tcpSockets } from '../processes/sockets.js';
import { pidsListeningAt } from '../processes/unix-sockets.js';

const longestWait = 1_000;

/** Where the uploads reach the target, and how they get there. */
export interface Door {
  url: URL;
  via?: UploadConnection | undefined;
}

export function portOf({ url, via }: Door): number {
  const route = routeOf(url, dialOptionsTo(url, via));
  if ('path' in route) return authorityOf(url).port;
  return route.proxy ? route.beyond.port : route.port;
}

/** `Port 8000`, `The socket "/run/app.sock"` */
export function doorInWords(door: Door): string {
  const path = socketOf(door);
  return path === undefined ? `Port ${portOf(door)}` : `The socket "${path}"`;
}

function socketOf({ url, via }: Door): string | undefined {
  const route = routeOf(url, dialOptionsTo(url, via));
  return 'path' in route ? route.path : undefined;
}

/** Whether something accepts a connection there; behind a proxy, that is not known. */
export async function accepts({ url, via }: Door): Promise<boolean> {
  const options = dialOptionsTo(url, via);
  const route = routeOf(url, options);
  if (!('path' in route) && route.proxy) return false;
  try {
    const signal = AbortSignal.timeout(longestWait);
    (await dial(url, options, { signal, withoutTls: true })).destroy();
    return true;
  } catch {
    return false;
  }
}

/**
 * The processes of this machine that listen there; those of other users cannot be seen without their rights.
 */
export async function holdersOf({ url, via }: Door): Promise<number[]> {
  const route = routeOf(url, dialOptionsTo(url, via));
  if ('path' in route) return pidsListeningAt(route.path);
  const { host, port } = route.proxy ? route.beyond : route;
  const hosts = (!route.proxy && route.addresses) || [host];
  const addresses = (await Promise.all(hosts.map(localAddressesOf))).flat();
  if (addresses.length === 0) return [];
  if (process.platform !== 'linux') return pidsListeningOn(port).catch(() => []);
  const reached = [...addresses, '[::]', ...(addresses.some(isIPv4) ? ['0.0.0.0'] : [])];
  const sockets = new Set<string>();
  for (const [inode, { listening, local }] of await tcpSockets(process.pid)) {
    if (listening && local.port === port && reached.includes(local.host)) sockets.add(`socket:[${inode}]`);
  }
  if (sockets.size === 0) return [];
  const table = await processes();
  const open = await Promise.all(table.map(({ pid }) => descriptors(pid).catch(() => [])));
  return table.flatMap(({ pid }, i) => (open[i]!.some(link => sockets.has(link)) ? [pid] : []));
}

/** The addresses of a host that are this machine's own, in the notation of `tcpSockets`. */
async function localAddressesOf(host: string): Promise<string[]> {
  // A connection to "any address" goes to the loopback address.
  const wanted = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  const found = await lookup(wanted, { all: true }).catch(() => []);
  const own = Object.values(networkInterfaces()).flatMap(each => each?.map(({ address }) => address) ?? []);
  return found
    .map(({ address }) => address)
    .filter(each => /^(127\.|::1$)/.test(each) || own.includes(each))
    .map(each => (isIPv4(each) ? each : new URL(`http://[${each}]`).hostname));
}
