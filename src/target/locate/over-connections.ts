import { inWords, programOf } from '../processes/program.js';
import { type Address, addressInWords, isSame, type TcpSocket } from '../processes/sockets.js';
import { forwarderNamed } from './forwarders.js';
import { type Holder, holderOf, holding } from './holder.js';
import { byPid, type Known, type Lead, leadTo } from './lead.js';
import { Traffic } from './outgoing.js';

/** Sends requests so that it can be seen where a forwarder hands them on. */
export interface Trial {
  /**
   * Sends `count` requests and waits for their answers. Never rejects. With `atOnce`, each request queues
   * behind those before it, so the connection that it is handed on by stays open longer than most servers
   * need for one request.
   */
  send(count: number, atOnce: boolean): Promise<void>;
  /** What became of all of them: `18 uploads, answered 502`. */
  outcome(): string;
  /** Whether any was answered with a 2xx. */
  readonly taken: boolean;
}

/** How many requests are sent in each lot, until it is clear where they go. Large lots are sent at once. */
const lots = [6, 12, 24, 48, 96, 96, 192, 192, 384];
const fewAtOnce = 24;
/** No further lot is sent after this time (ms). */
const longestWatch = 10_000;

/** Watches which connections of the forwarder are used while requests are sent. */
export async function overConnections(forwarder: Known, trial?: Trial): Promise<Lead | undefined> {
  if (!trial || process.platform !== 'linux') return undefined;
  const deadline = performance.now() + longestWatch;
  const traffic = new Traffic(forwarder.pid);
  await traffic.begin();
  let lead: Lead | undefined;
  let sent = 0;
  for (const count of lots) {
    await traffic.watch(() => trial.send(count, count > fewAtOnce));
    sent += count;
    const places = await upstreamsOf(traffic, forwarder);
    lead = await leading(places, forwarder, trial);
    if (('pid' in lead && isWhole(places[0]!, sent)) || performance.now() > deadline) return lead;
  }
  return lead;
}

/** A server behind the forwarder, and how often traffic to it was seen. */
interface Upstream {
  holder: Holder;
  address: Address;
  signs: number;
  /** Connections to it that have ended. */
  closed: number;
}

/** At least this share of the requests sent must have gone the way that was seen. */
const nearlyAll = 0.8;

/**
 * Where each request gets a connection of its own, whether as many connections were seen as requests were
 * sent. If not, there may be another server whose connections were all too short to be seen.
 */
function isWhole({ closed }: Upstream, sent: number): boolean {
  return closed === 0 || closed >= nearlyAll * sent;
}

/** One server behind several addresses is one place; a forwarder that hands on to itself leads nowhere. */
async function upstreamsOf({ table, ends }: Traffic, forwarder: Known): Promise<Upstream[]> {
  const places = new Map<string, Upstream>();
  for (const { address, ports, signs, closed } of ends) {
    const accepted = table.filter(({ local, remote }) => ports.has(remote.port) && isSame(local, address));
    const holder = await takerOf(address, table, accepted);
    if (holder.kind === 'nobody' || (holder.kind === 'process' && holder.pid === forwarder.pid)) continue;
    const key = holder.kind === 'process' ? String(holder.pid) : addressInWords(address);
    const known = places.get(key);
    if (known) {
      known.signs += signs;
      known.closed += closed;
    } else places.set(key, { holder, address, signs, closed });
  }
  return [...places.values()].sort((a, b) => b.signs - a.signs);
}

/**
 * The holder of the port; if that is a forwarder with a process for each client, the process that serves this
 * client.
 */
async function takerOf(
  address: Address,
  table: readonly TcpSocket[],
  accepted: readonly TcpSocket[],
): Promise<Holder> {
  const holder = await holderOf(address, table);
  if (accepted.length === 0 || holder.kind !== 'process') return holder;
  if (!forwarderNamed((await programOf(holder.pid)).names)?.perClient) return holder;
  const served = await holding(accepted);
  return served.kind === 'process' ? served : holder;
}

/** How often traffic must have been seen, and how many times as often as to any other place. */
const fewestSigns = 7;
const clearLead = 5;

async function leading(places: readonly Upstream[], forwarder: Known, trial: Trial): Promise<Lead> {
  const [first, second] = places;
  if (!first || first.signs < fewestSigns) {
    const why = `where to was not seen (${trial.outcome()})`;
    const wayOut = trial.taken ? (forwarder.wayOut ?? byPid) : 'make the upload work with curl first';
    return { why, wayOut, idle: true };
  }
  if (second && first.signs < clearLead * second.signs) {
    const names = await Promise.all(places.slice(0, 3).map(placeInWords));
    return {
      why: `it spreads them over ${names.join(', ')}`,
      wayOut: 'upload to the port of one of them',
    };
  }
  const { holder, address } = first;
  const lead = await leadTo({ holder, place: addressInWords(address) }, forwarder);
  return 'pid' in lead ? { ...lead, at: address } : lead;
}

async function placeInWords({ holder, address }: Upstream): Promise<string> {
  return holder.kind === 'process' ? inWords(await programOf(holder.pid)) : addressInWords(address);
}
