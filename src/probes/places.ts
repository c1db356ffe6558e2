import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import { pidsListeningOn, portsOf } from '../target/listening.js';
import type { Target } from '../target/locate.js';
import { isOwnAddress } from '../target/own-addresses.js';
import { treeOf } from '../target/procfs.js';
import { runtimeOf } from '../target/runtime.js';
import { tcpTable, urlHost } from '../target/sockets.js';
import type { SourceName } from './probe.js';

/** Where a source may be. */
export interface Place {
  /** Absent for the place that the source looks at by itself: the upload's origin, the target's process. */
  argument?: string;
  /** Nothing but habit says that the target is there: on another machine, or on this one. */
  guessed?: 'there' | 'here';
}

/** Sources that may be on another port of the process than its uploads. */
const onAnyPort: ReadonlySet<SourceName> = new Set(['pprof', 'expvar', 'actuator', 'prometheus']);

/** The ports that are in the manuals; tried where the target's own are not in sight. */
const usualPorts: Partial<Record<SourceName, number>> = { pprof: 6060, inspector: 9229 };

/** Where to look for a source, the likeliest place first. */
export async function placesOf(target: Target, source: SourceName): Promise<Place[]> {
  const own = source === 'inspector' && target.pid !== undefined ? await nodePorts(target) : [{}];
  const others = onAnyPort.has(source) ? otherPorts(target) : [];
  const usual = usualPorts[source];
  const guessed = usual === undefined ? undefined : await guessedAt(target, usual);
  return [...own, ...others, ...(guessed ? [{ argument: `${target.url.hostname}:${usual}`, guessed }] : [])];
}

function otherPorts({ ports, origins, url }: Target): Place[] {
  if (origins) return origins.map(argument => ({ argument }));
  return ports.filter(port => String(port) !== url.port).map(onLoopback);
}

/** The ports of every Node process of the target: each has an inspector of its own. */
async function nodePorts({ pid, ports }: Target): Promise<Place[]> {
  const [, ...children] = await treeOf(pid!);
  const lists = await Promise.all(
    children.map(async child => ((await runtimeOf(child)) === 'node' ? portsOf(child) : [])),
  );
  return [...new Set([...ports, ...lists.flat()])].map(onLoopback);
}

function onLoopback(port: number): Place {
  return { argument: `127.0.0.1:${port}` };
}

async function guessedAt({ pid, stuck, url }: Target, port: number): Promise<Place['guessed']> {
  if (pid !== undefined || stuck !== undefined) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const address = await lookup(host).then(
    found => urlHost(found.address),
    () => host,
  );
  const isHere = isOwnAddress(address);
  if (isHere && !(await isOfSameUser(url, port))) return undefined;
  if (!(await takesConnections(host, port))) return undefined;
  return isHere ? 'here' : 'there';
}

/** Of this machine's processes that are not in sight: whether the same user listens on both ports. */
async function isOfSameUser(url: URL, port: number): Promise<boolean> {
  if ((await pidsListeningOn(port)).length > 0) return false;
  const listeners = (await tcpTable('self')).filter(({ listening }) => listening);
  const users = (at: number) => listeners.flatMap(({ local, uid }) => (local.port === at ? uid : []));
  const uploads = users(portOf(url));
  const found = users(port);
  return found.length > 0 && found.every(uid => uploads.includes(uid));
}

/** The port that a URL's connections go to. */
export function portOf({ port, protocol }: URL): number {
  return Number(port) || (protocol === 'https:' ? 443 : 80);
}

/** In ms: a port behind a firewall answers nothing. */
const longestKnock = 1_000;

function takesConnections(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host, port, timeout: longestKnock });
    const settle = (answers: boolean) => {
      socket.destroy();
      resolve(answers);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
    socket.once('timeout', () => settle(false));
  });
}
