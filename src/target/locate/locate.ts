import { lookup } from 'node:dns/promises';
import { codeOf, LeakhuntError, messageOf, targetError } from '../../errors.js';
import { authorityOf } from '../../net/authority.js';
import { dial } from '../../net/dial.js';
import type { DialOptions } from '../../net/dial-options.js';
import { routeOf } from '../../net/route.js';
import type { UploadConnection } from '../../net/uploads.js';
import { type Container, processOf as processOfContainer } from '../containers/container.js';
import { containerPublishing } from '../containers/find.js';
import { openInspector, portsOf } from '../processes/listening.js';
import { addressesAround, gatewaysAround, namespaceOf } from '../processes/namespaces.js';
import { isOwnAddress } from '../processes/own-addresses.js';
import { programOf } from '../processes/program.js';
import { type Runtime, runtimeOf } from '../processes/runtime.js';
import { type Setting, settingsOf } from '../processes/settings.js';
import { type Address, urlHost } from '../processes/sockets.js';
import { follow } from './follow.js';
import { holderOf, holderOfSocket } from './holder.js';
import { ambiguousPidsInWords, type Hop } from './lead.js';
import type { Trial } from './over-connections.js';

/** Where the uploads go, and the process behind it if that is on this machine and can be seen. */
export interface Target {
  url: URL;
  /** How the uploads connect: other things are read from the target in the same way. */
  via?: UploadConnection;
  pid?: number;
  runtime?: Runtime;
  /** Which advice is of use to it depends on these. */
  settings?: Setting[];
  /** What the process was started with, without secrets: `node server.js`. */
  command?: string;
  /** The forwarders that the uploads go through on their way to the process, in order. */
  through?: Hop[];
  /** The TCP ports that the process listens on: its metrics often have another one than its uploads. */
  ports: number[];
  /**
   * The address of these ports for a process in another network namespace, whose `ports` would be somebody
   * else's here.
   */
  origins?: string[];
  /** The container that the uploads go to, if its processes cannot be seen. */
  container?: Container;
  /** Why no process can be measured although one holds the port; no full stop. */
  unseen?: string;
  /**
   * The same for a port whose holder only forwards: it must not be measured in the server's place. A
   * sentence.
   */
  stuck?: string;
}

/** How the uploads connect, and what is known about the target beforehand. */
export interface LocateOptions extends DialOptions {
  /** Make a Node process open its inspector (SIGUSR1). */
  allowSignals?: boolean;
  /** The process that the user named: it is the target, whoever holds the port. */
  pid?: number;
  /** The container that the user named, if its processes cannot be seen. */
  container?: Container;
  /** Requests that show where a forwarder hands them on. */
  trial?: Trial;
}

/**
 * Opens one connection to check that the target is there, then finds its process. Throws exit 4 if it is not.
 */
export async function locate(url: URL, options: LocateOptions): Promise<Target> {
  return { url, via: { url, options }, ...(await found(url, options)) };
}

type LocatedTarget = Omit<Target, 'url' | 'via'>;

async function found(url: URL, options: LocateOptions): Promise<LocatedTarget> {
  const address = await reach(url, options);
  if (options.pid !== undefined) return processOf(options.pid, options);
  if (options.container) return { ports: [], container: options.container };
  if (address === undefined) return { ports: [] };
  const holder = 'path' in address ? await holderOfSocket(address.path) : await holderOf(address);
  const at = 'path' in address ? undefined : address;
  switch (holder.kind) {
    case 'process': {
      const followed = await follow({ pid: holder.pid, ...(at && { at }) }, options.trial);
      if ('stuck' in followed) return { ports: [], stuck: followed.stuck };
      const through = followed.through.length > 0 ? { through: followed.through } : {};
      if ('container' in followed) return { ports: [], container: followed.container, ...through };
      return { ...(await processOf(followed.program.pid, options)), ...through };
    }
    case 'rivals': {
      const { names, choice } = await ambiguousPidsInWords(holder.pids);
      return { ports: [], unseen: `${names} listen on ${placeInWords(address)}: ${choice}` };
    }
    case 'other-user': {
      // Only root sees who holds a container's ports; others may be allowed to ask its engine.
      const container = await (at && containerPublishing(at));
      if (container) return { ports: [], container };
      return {
        ports: [],
        unseen:
          `${placeInWords(address)} belongs to a process of user ${holder.user}: ` +
          'run leakhunt as that user or with sudo, or give --probe',
      };
    }
    case 'nobody': {
      // With a rule of the packet filter, there may be no holder.
      const container = await (at && containerPublishing(at));
      const pid = container && (await processOfContainer(container));
      if (pid !== undefined) return processOf(pid, options);
      return { ports: [], ...(container && { container }) };
    }
    default:
      return { ports: [] };
  }
}

/** What is known about a process by itself. */
async function processOf(pid: number, { allowSignals }: LocateOptions): Promise<LocatedTarget> {
  const [ports, runtime, program] = await Promise.all([portsOf(pid), runtimeOf(pid), programOf(pid)]);
  const { command } = program;
  const settings = await settingsOf(pid, runtime);
  const [own, its] = await Promise.all([namespaceOf('self'), namespaceOf(pid)]);
  if (own !== undefined && its !== undefined && own !== its) {
    const host = await hostOf(pid);
    const origins = host === undefined ? [] : ports.map(port => `http://${host}:${port}`);
    return { pid, runtime, settings, command, ports: [], origins };
  }
  const mayOpen = allowSignals && runtime === 'node';
  return { pid, runtime, settings, command, ports: mayOpen ? await openInspector(pid, ports) : ports };
}

/** The address of a network namespace, if its way out leads over this machine. */
async function hostOf(pid: number): Promise<string | undefined> {
  if (!(await gatewaysAround(pid)).some(isOwnAddress)) return undefined;
  const [host] = await addressesAround(pid);
  return host;
}

/** A Unix socket, or a TCP address. */
type ListeningPlace = { path: string } | Address;

function placeInWords(place: ListeningPlace): string {
  return 'path' in place ? `the socket "${place.path}"` : `port ${place.port}`;
}

/**
 * Resolves to where a connection really led: a name may stand for several addresses, and a flag may lead
 * elsewhere. Behind a proxy, that is known only if both are on this machine.
 */
async function reach(url: URL, options: LocateOptions): Promise<ListeningPlace | undefined> {
  try {
    const route = routeOf(url, options);
    const socket = await dial(url, options);
    const { remoteAddress, remotePort } = socket;
    socket.destroy();
    if ('path' in route) return route;
    if (!route.proxy) return { host: urlHost(remoteAddress ?? route.host), port: remotePort ?? route.port };
    return isOwnAddress(urlHost(remoteAddress ?? '')) ? await ownPlace(route.beyond) : undefined;
  } catch (error) {
    throw error instanceof LeakhuntError ? error : unreachable(url, error as Error, options);
  }
}

async function ownPlace({ host, port }: { host: string; port: number }): Promise<Address | undefined> {
  const address = await lookup(host).then(
    found => urlHost(found.address),
    () => undefined,
  );
  return address !== undefined && isOwnAddress(address) ? { host: address, port } : undefined;
}

/** Why a target cannot be reached, in a sentence that ends with what to do. */
function unreachable(url: URL, error: Error, options: DialOptions): LeakhuntError {
  const { host, port } = authorityOf(url);
  const route = routeOf(url, options);
  const isDirect = !('path' in route || route.proxy);
  const where =
    isDirect && route.host !== host
      ? `${url.hostname}:${port} (${route.host}:${route.port})`
      : `${url.hostname}:${port}`;
  const code = codeOf(error) ?? '';
  const known = isDirect || code === 'ETIMEDOUT' ? sentences[code] : undefined;
  // The explanation of an error says what to do after a colon.
  const why = messageOf(error).replace(/\.$/, '');
  const sentence =
    known?.(where, options.connectTimeout) ??
    `${/CERT|SIGN|SSL|TLS|ALTNAME/.test(code) ? `TLS with ${where} failed` : `${where} could not be reached`}: ${why}.${/: /.test(why) ? '' : ' Check the URL.'}`;
  return targetError(code || 'UNREACHABLE', sentence, { cause: error });
}

const sentences: Record<string, (where: string, seconds: number) => string> = {
  ECONNREFUSED: where =>
    `Nothing is listening on ${where} (connection refused): start the server, or check the port.`,
  ENOTFOUND: where => `The host of ${where} has no address (DNS lookup failed): check its spelling.`,
  EAI_AGAIN: where => `The host of ${where} has no address (DNS did not answer): check its spelling.`,
  ETIMEDOUT: (where, seconds) =>
    `${where} did not accept a connection within ${seconds} s: check the host, or raise --connect-timeout.`,
  EHOSTUNREACH: where => `There is no route to ${where}: check the host.`,
  ENETUNREACH: where => `There is no route to ${where}: check the host.`,
};
