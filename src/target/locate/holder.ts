import { readFile } from 'node:fs/promises';
import { pidsListeningOn } from '../processes/listening.js';
import { addressesAround, gatewaysAround, otherNamespaces } from '../processes/namespaces.js';
import { isOwnAddress } from '../processes/own-addresses.js';
import { eldest, pidsHolding } from '../processes/procfs.js';
import { type Address, listenersAt, type TcpSocket, tcpTable } from '../processes/sockets.js';
import { pidsListeningAt } from '../processes/unix-sockets.js';

/** Who accepts the connections to an address. */
export type Holder =
  | { kind: 'process'; pid: number }
  /** Unrelated processes: which one is meant is not known. */
  | { kind: 'rivals'; pids: number[] }
  | { kind: 'other-user'; user: string }
  /** Its address belongs to this machine, and nobody is seen to listen. */
  | { kind: 'nobody' }
  | { kind: 'elsewhere' };

/** The holder of an address in a network namespace: leakhunt's own, or another one, given by its sockets. */
export async function holderOf(address: Address, namespace?: readonly TcpSocket[]): Promise<Holder> {
  if (process.platform !== 'linux') return isOwnAddress(address.host) ? byLsof(address) : elsewhere;
  const table = namespace ?? (await tcpTable('self'));
  const listeners = listenersAt(table, address);
  if (!isOwnAddress(address.host) && !listeners.some(({ local }) => local.host === address.host)) {
    return inNamespaces(address, { reachable: true });
  }
  if (listeners.length > 0) return holding(listeners);
  // A container reaches this machine by an address that is not its own.
  const here = namespace && !isLoopback(address.host) ? listenersAt(await tcpTable('self'), address) : [];
  return here.length > 0 ? holding(here) : { kind: 'nobody' };
}

/** The holder of a Unix socket; one held by another user's process has no holder that can be seen. */
export async function holderOfSocket(path: string): Promise<Holder> {
  const pids = await eldest(await pidsListeningAt(path));
  return pids.length === 0 ? { kind: 'nobody' } : oneOf(pids);
}

function isLoopback(host: string): boolean {
  return /^127\./.test(host) || host === '[::1]';
}

/**
 * The holder of an address that belongs to another network namespace of this machine, as a container's does.
 * `reachable`: only a namespace whose way out leads over this machine counts, because another machine may
 * have the same address.
 */
export async function inNamespaces(address: Address, { reachable }: { reachable: boolean }): Promise<Holder> {
  const found: Holder[] = [];
  for (const { pid } of await otherNamespaces()) {
    if (!(await addressesAround(pid)).has(address.host)) continue;
    if (reachable && !(await gatewaysAround(pid)).some(isOwnAddress)) continue;
    const listeners = listenersAt(await tcpTable(pid), address);
    if (listeners.length > 0) found.push(await holding(listeners));
  }
  const [first, second] = found;
  if (!first) return elsewhere;
  if (!second) return first;
  // Two engines may give the same address.
  const pids = found.flatMap(each => (each.kind === 'process' ? each.pid : 'pids' in each ? each.pids : []));
  return pids.length > 0 ? { kind: 'rivals', pids } : first;
}

const elsewhere: Holder = { kind: 'elsewhere' };

/** The holder of sockets. */
export async function holding(sockets: readonly TcpSocket[]): Promise<Holder> {
  const pids = await pidsHolding(new Set(sockets.map(({ inode }) => inode)));
  if (pids.length === 0) return { kind: 'other-user', user: await userNamed(sockets[0]!.uid) };
  return oneOf(await eldest(pids));
}

async function byLsof({ port }: Address): Promise<Holder> {
  const pids = await eldest(await pidsListeningOn(port).catch(() => []));
  return pids.length === 0 ? { kind: 'nobody' } : oneOf(pids);
}

function oneOf(pids: number[]): Holder {
  return pids.length === 1 ? { kind: 'process', pid: pids[0]! } : { kind: 'rivals', pids };
}

/** `www-data (uid 33)`; only the number if the system has no name for it (passwd(5)). */
async function userNamed(uid: number): Promise<string> {
  const rows = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n');
  const name = rows.find(row => row.split(':')[2] === String(uid))?.split(':')[0];
  return name ? `${name} (uid ${uid})` : `with uid ${uid}`;
}
