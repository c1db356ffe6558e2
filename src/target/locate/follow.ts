import { type Container, processOf } from '../containers/container.js';
import { containerPublishing } from '../containers/find.js';
import { type Program, programOf } from '../processes/program.js';
import { forwarderNamed } from './forwarders.js';
import { byPid, type FoundProcess, type Hop, hopInWords, type Known, type Lead, leadTo } from './lead.js';
import { overConnections, type Trial } from './over-connections.js';
import { behindPublished } from './published.js';

/**
 * Where the way through the forwarders ends: at the process that answers, or at a forwarder that hides it.
 */
export type Followed =
  | { program: Program; through: Hop[] }
  /** It ends at a container whose processes cannot be seen, but whose engine can. */
  | { container: Container; through: Hop[] }
  /** One sentence: which forwarder, why it cannot be followed, and what to do. */
  | { stuck: string };

/** One way to find the process behind a forwarder; undefined if it does not apply. */
type FollowBy = (forwarder: Known, trial?: Trial) => Promise<Lead | undefined>;

const mostHops = 5;

/**
 * From the process that holds a port to the one that answers: the same one, unless it is a known forwarder.
 */
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

const ways: FollowBy[] = [intoContainer, throughTunnel, overConnections];

async function leadOf(forwarder: Known, trial?: Trial): Promise<Lead> {
  for (const way of ways) {
    const lead = await way(forwarder, trial);
    if (lead) return lead;
  }
  return { why: 'where to is not visible from here', wayOut: forwarder.wayOut ?? byPid };
}

/** Leads to the server in a container, as /proc shows it or else as the engine knows it. */
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
