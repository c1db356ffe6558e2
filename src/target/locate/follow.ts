import { type Container, processOf } from '../containers/container.js';
import { containerPublishing } from '../containers/find.js';
import { inWords, type Program, programOf } from '../processes/program.js';
import { type Address, addressInWords, isSame, type TcpSocket } from '../processes/sockets.js';
import { type Forwarder, forwarderNamed } from './forwarders.js';
import { type Holder, holderOf, holding } from './holder.js';
import { Traffic } from './outgoing.js';
import { behindPublished } from './published.js';

/** Requests of the hunt's own, to see where a forwarder hands them on. */
export interface Trial {
  /**
   * Sends so many and waits for their answers. Never rejects. Sent `atOnce`, each waits for those before it, and so
   * does the connection that it is handed on by: longer than most servers need for one.
   */
  send(count: number, atOnce: boolean): Promise<void>;
  /** What came of all of them: `18 uploads, answered 502`. */
  outcome(): string;
  /** Whether any was taken, with a 2xx. */
  readonly taken: boolean;
}

/** A forwarder on the way to the target. */
export interface Hop {
  pid: number;
  name: string;
}

/** Where a way through forwarders ends: at the process that answers, or at a forwarder that keeps it hidden. */
export type Followed =
  | { program: Program; through: Hop[] }
  /** At a container whose processes are not in sight, but whose engine is. */
  | { container: Container; through: Hop[] }
  /** In one sentence: which forwarder, why it cannot be followed, and what to do. */
  | { stuck: string };

/** Where a forwarder leads; or why that cannot be told, and what to do about it. */
export type Lead = FoundProcess | { container: Container } | Hidden;

interface FoundProcess {
  pid: number;
  /** Where it takes what is handed on, as far as that is known. */
  at?: Address;
}

interface Hidden {
  why: string;
  wayOut: string;
  /** It was not seen to hand anything on. */
  idle?: true;
}

/** One way to find the process behind a forwarder; undefined where it does not apply. */
type FollowBy = (forwarder: Known, trial?: Trial) => Promise<Lead | undefined>;

type Known = Forwarder & Hop & FoundProcess;

const mostHops = 5;

/** From the process that holds a port to the one that answers; of no known forwarder that is itself. */
export async function follow(holder: FoundProcess, trial?: Trial): Promise<Followed> {
  const through: Hop[] = [];
  for (let at = holder; ; ) {
    const program = await programOf(at.pid);
    const known = forwarderNamed(program.names);
    if (!known) return { program, through };
    const forwarder = { ...known, ...at };
    const lead =
      through.length === mostHops || through.some(hop => hop.pid === at.pid)
        ? { why: 'no server was found behind it', wayOut: byPid }
        : await leadOf(forwarder, trial);
    if ('why' in lead) {
      if (forwarder.mayServe && lead.idle) return { program, through };
      const way = [...through, forwarder].map(hopInWords).join(' to ');
      return { stuck: `The uploads go to ${way}, which only forwards them; ${lead.why}: ${lead.wayOut}.` };
    }
    through.push({ pid: at.pid, name: known.name });
    if ('container' in lead) return { container: lead.container, through };
    at = lead;
  }
}

const byPid = 'name the server process with --probe pid=PID, or upload to its own port';

/** `nginx (pid 12)` */
export function hopInWords({ name, pid }: Hop): string {
  return `${name} (pid ${pid})`;
}

const ways: FollowBy[] = [intoContainer, throughTunnel, overConnections];

async function leadOf(forwarder: Known, trial?: Trial): Promise<Lead> {
  for (const way of ways) {
    const lead = await way(forwarder, trial);
    if (lead) return lead;
  }
  return { why: 'where to is not visible from here', wayOut: forwarder.wayOut ?? byPid };
}

/** To the server in a container: as /proc shows it, or else as the engine knows it. */
async function intoContainer(forwarder: Known): Promise<Lead | undefined> {
  if (!forwarder.publishes) return undefined;
  const { holder, place } = (await behindPublished(forwarder.pid)) ?? {};
  const lead = holder && (await leadTo({ holder, place: place! }, forwarder));
  if (lead && 'pid' in lead) return lead;
  const container = forwarder.at && (await containerPublishing(forwarder.at));
  if (!container) return lead;
  const pid = await processOf(container);
  return pid === undefined ? { container } : { pid };
}

async function throughTunnel({ over, wayOut = byPid }: Known): Promise<Lead | undefined> {
  return over === 'tunnel' ? { why: 'where to is not visible from here', wayOut } : undefined;
}

/** So many requests are sent, one lot after the other, until it is clear where they go; the last at once. */
const lots = [6, 12, 24, 48, 96, 96, 192, 192, 384];
const fewAtOnce = 24;
/** In ms: after that no further lot is sent. */
const longestWatch = 10_000;

/** Watches which connections of the forwarder are used while requests are sent. */
async function overConnections(forwarder: Known, trial?: Trial): Promise<Lead | undefined> {
  if (!trial || process.platform !== 'linux') return undefined;
  const deadline = performance.now() + longestWatch;
  const traffic = new Traffic(forwarder.pid);
  await traffic.begin();
  let lead: Lead | undefined;
  let sent = 0;
  for (const count of lots) {
    await traffic.watch(() => trial.send(count, count > fewAtOnce));
    sent += count;
    const places = await placesOf(traffic, forwarder);
    lead = await leading(places, forwarder, trial);
    if (('pid' in lead && isWhole(places[0]!, sent)) || performance.now() > deadline) return lead;
  }
  return lead;
}

/** Who takes what is handed on, and how often that was seen. */
interface Upstream {
  holder: Holder;
  address: Address;
  signs: number;
  /** Connections to it that have ended. */
  closed: number;
}

/** Of the requests sent, so many must have gone the way that is seen. */
const nearlyAll = 0.8;

/**
 * Whether as many connections have left as requests have come, where each request has one of its own: if not, there may
 * be another server, none of whose connections was caught while it lasted.
 */
function isWhole({ closed }: Upstream, sent: number): boolean {
  return closed === 0 || closed >= nearlyAll * sent;
}

/** One server behind several addresses is one place; a forwarder that hands on to itself leads nowhere. */
async function placesOf({ table, ends }: Traffic, forwarder: Known): Promise<Upstream[]> {
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

/** The holder of the port; but of a forwarder that has a process for each client, the one that serves this one. */
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

/** So often something must have been seen to pass, and so many times as often as to any other place. */
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

async function leadTo(
  { holder, place: at }: { holder: Holder; place: string },
  { wayOut }: Known,
): Promise<FoundProcess | Hidden> {
  switch (holder.kind) {
    case 'process':
      return { pid: holder.pid };
    case 'other-user':
      return {
        why: `it passes them to ${at}, which belongs to a process of user ${holder.user}`,
        wayOut: 'run leakhunt as that user or with sudo, or name the process with --probe pid=PID',
      };
    case 'rivals': {
      const { names, choice } = await ambiguousPidsInWords(holder.pids);
      return { why: `it passes them to ${at}, where ${names} listen`, wayOut: choice };
    }
    default:
      return {
        why: `it passes them to ${at}, which is not on this machine`,
        wayOut:
          wayOut ??
          `run leakhunt there, or name a source for its memory, e.g. --probe prometheus=${at}/metrics`,
      };
  }
}

async function placeInWords({ holder, address }: Upstream): Promise<string> {
  return holder.kind === 'process' ? inWords(await programOf(holder.pid)) : addressInWords(address);
}

/** Processes on one port by their command lines, and how to choose: never one that only forwards. */
export async function ambiguousPidsInWords(
  pids: readonly number[],
): Promise<{ names: string; choice: string }> {
  const programs = await Promise.all(pids.map(programOf));
  const server = programs.find(({ names }) => !forwarderNamed(names));
  return {
    names: programs.map(inWords).join(' and '),
    choice: server ? `choose one, e.g. --probe pid=${server.pid}` : byPid,
  };
}
