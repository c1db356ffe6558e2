import { lookup } from 'node:dns/promises';
import { authorityOf } from '../net/authority.js';
import { dial } from '../net/dial.js';
import type { DialOptions } from '../net/dial-options.js';
import { routeOf } from '../net/route.js';
import { dialOptionsTo } from '../net/uploads.js';
import type { Target } from '../target/locate/locate.js';
import { pidsListeningOn, portsOf } from '../target/processes/listening.js';
import { isOwnAddress } from '../target/processes/own-addresses.js';
import { treeOf } from '../target/processes/procfs.js';
import { type Runtime, runtimeOf } from '../target/processes/runtime.js';
import { tcpTable, urlHost } from '../target/processes/sockets.js';
import { sources } from './catalogue.js';
import type { SourceAddress, SourceName } from './probe.js';

/** Where to look for a source, the likeliest place first. */
export async function placesOf(target: Target, source: SourceName): Promise<SourceAddress[]> {
  const { runtime, places, ports: { any, each, usual } = {} } = sources[source]!;
  if (places) return places(target);
  const own = each && target.pid !== undefined ? await portsOfEach(target, runtime) : [{}];
  const others = any ? otherPorts(target) : [];
  const guessed = usual === undefined ? undefined : await guessedAt(target, usual);
  return [...own, ...others, ...(guessed ? [{ argument: `${target.url.hostname}:${usual}`, guessed }] : [])];
}

function otherPorts({ ports, origins, url }: Target): SourceAddress[] {
  if (origins) return origins.map(argument => ({ argument }));
  return ports.filter(port => String(port) !== url.port).map(onLoopback);
}

/** The ports of every process of the target on that runtime: each may have its own source. */
async function portsOfEach({ pid, ports }: Target, runtime: Runtime | undefined): Promise<SourceAddress[]> {
  const [, ...children] = await treeOf(pid!);
  const lists = await Promise.all(
    children.map(async child => ((await runtimeOf(child)) === runtime ? portsOf(child) : [])),
  );
  return [...new Set([...ports, ...lists.flat()])].map(onLoopback);
}

function onLoopback(port: number): SourceAddress {
  return { argument: `127.0.0.1:${port}` };
}

async function guessedAt(target: Target, port: number): Promise<SourceAddress['guessed']> {
  const { pid, stuck, url, via } = target;
  if (pid !== undefined || stuck !== undefined || via?.options.unixSocket !== undefined) return undefined;
  const there = new URL(`http://${url.hostname}:${port}`);
  const options = dialOptionsTo(there, via);
  const route = routeOf(there, options);
  // If a proxy answers, the page itself is asked for.
  if ('path' in route || route.proxy) return 'there';
  const [host = route.host] = route.addresses ?? [];
  const address = await lookup(host).then(
    found => urlHost(found.address),
    () => host,
  );
  const isHere = isOwnAddress(address);
  if (isHere && !(await isOfSameUser(url, port))) return undefined;
  if (!(await takesConnections(there, options))) return undefined;
  return isHere ? 'here' : 'there';
}

/** For processes of this machine that cannot be seen: whether the same user listens on both ports. */
async function isOfSameUser(url: URL, port: number): Promise<boolean> {
  if ((await pidsListeningOn(port)).length > 0) return false;
  const listeners = (await tcpTable('self')).filter(({ listening }) => listening);
  const users = (at: number) => listeners.flatMap(({ local, uid }) => (local.port === at ? uid : []));
  const uploads = users(portOf(url));
  const found = users(port);
  return found.length > 0 && found.every(uid => uploads.includes(uid));
}

/** The port that a URL's connections go to. */
export function portOf(url: URL): number {
  return authorityOf(url).port;
}

/** Milliseconds: a port behind a firewall answers nothing. */
const longestKnock = 1_000;

async function takesConnections(url: URL, options: DialOptions): Promise<boolean> {
  const signal = AbortSignal.timeout(longestKnock);
  try {
    (await dial(url, options, { signal })).destroy();
    return true;
  } catch {
    return false;
  }
}
