import { lookup } from 'node:dns/promises';
import { connect, isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { pidsListeningOn } from '../listening.js';
import { descriptors, processes } from '../procfs.js';
import { tcpSockets } from '../sockets.js';

const longestWait = 1_000;

export function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
}

/** Whether something accepts a connection at the address of a URL. */
export function accepts(url: URL): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host: hostOf(url), port: portOf(url) });
    const done = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.setTimeout(longestWait, () => done(false));
    socket.once('connect', () => done(true)).once('error', () => done(false));
  });
}

/** The processes of this machine that listen where a URL leads; those of other users are not seen without their rights. */
export async function holdersOf(url: URL): Promise<number[]> {
  const addresses = await localAddressesOf(hostOf(url));
  if (addresses.length === 0) return [];
  if (process.platform !== 'linux') return pidsListeningOn(portOf(url)).catch(() => []);
  const reached = [...addresses, '[::]', ...(addresses.some(isIPv4) ? ['0.0.0.0'] : [])];
  const sockets = new Set<string>();
  for (const [inode, { listening, local }] of await tcpSockets(process.pid)) {
    if (listening && local.port === portOf(url) && reached.includes(local.host))
      sockets.add(`socket:[${inode}]`);
  }
  if (sockets.size === 0) return [];
  const table = await processes();
  const open = await Promise.all(table.map(({ pid }) => descriptors(pid).catch(() => [])));
  return table.flatMap(({ pid }, i) => (open[i]!.some(link => sockets.has(link)) ? [pid] : []));
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** The addresses of a host that are this machine's own, written as `tcpSockets` does. */
async function localAddressesOf(host: string): Promise<string[]> {
  // A connection to "any address" goes to the loopback one.
  const wanted = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  const found = await lookup(wanted, { all: true }).catch(() => []);
  const own = Object.values(networkInterfaces()).flatMap(each => each?.map(({ address }) => address) ?? []);
  return found
    .map(({ address }) => address)
    .filter(each => /^(127\.|::1$)/.test(each) || own.includes(each))
    .map(each => (isIPv4(each) ? each : new URL(`http://[${each}]`).hostname));
}
