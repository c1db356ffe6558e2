import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { codeOf, type LeakhuntError, messageOf, targetError } from '../errors.js';
import { type Container, processOf as processOfContainer } from './containers/container.js';
import { containerPublishing } from './containers/find.js';
import { follow, type Hop, rivalsInWords, type Trial } from './follow.js';
import { holderOf } from './holder.js';
import { openInspector, portsOf } from './listening.js';
import { addressesAround, gatewaysAround, namespaceOf } from './namespaces.js';
import { isOwnAddress } from './own-addresses.js';
import { programOf } from './program.js';
import { type Runtime, runtimeOf } from './runtime.js';
import { type Address, urlHost } from './sockets.js';

/** Where the uploads go, and the process behind it where that is on this machine and can be seen. */
export interface Target {
  url: URL;
  pid?: number;
  runtime?: Runtime;
  /** What the process was started with, without secrets: `node server.js`. */
  command?: string;
  /** The forwarders that the uploads go through to the process, in their order. */
  through?: Hop[];
  /** The TCP ports the process listens on: its metrics are often on another than its uploads. */
  ports: number[];
  /** Where such ports are reached of a process in another network namespace, whose `ports` would be somebody else's here. */
  origins?: string[];
  /** The container that the uploads go to, where its processes are not in sight. */
  container?: Container;
  /** Why there is no process to be measured, where one holds the port; no full stop. */
  unseen?: string;
  /** The same of a port whose holder only forwards: it must not be measured in the server's place. A sentence. */
  stuck?: string;
}

export interface LocateOptions {
  /** Seconds. */
  connectTimeout: number;
  /** Accept any certificate. */
  insecure: boolean;
  /** Have a Node process open its inspector by SIGUSR1. */
  allowSignals?: boolean;
  /** The process that the user named: it is the target, whoever holds the port. */
  pid?: number;
  /** The container that the user named, where its processes are not in sight. */
  container?: Container;
  /** Requests to see by where a forwarder hands them on. */
  trial?: Trial;
}

/** Opens one connection to show that the target is there, then finds its process. Throws exit 4 when it is not. */
export async function locate(url: URL, options: LocateOptions): Promise<Target> {
  const address = await reach(url, options);
  if (options.pid !== undefined) return { url, ...(await processOf(options.pid, options)) };
  if (options.container) return { url, ports: [], container: options.container };
  const holder = await holderOf(address);
  switch (holder.kind) {
    case 'process': {
      const followed = await follow({ pid: holder.pid, at: address }, options.trial);
      if ('stuck' in followed) return { url, ports: [], stuck: followed.stuck };
      const through = followed.through.length > 0 ? { through: followed.through } : {};
      if ('container' in followed) return { url, ports: [], container: followed.container, ...through };
      return { url, ...(await processOf(followed.program.pid, options)), ...through };
    }
    case 'rivals': {
      const { names, choice } = await rivalsInWords(holder.pids);
      return { url, ports: [], unseen: `${names} listen on port ${address.port}: ${choice}` };
    }
    case 'other-user': {
      // Nobody but root sees who holds the ports of a container; its engine may be asked by others as well.
      const container = await containerPublishing(address);
      if (container) return { url, ports: [], container };
      return {
        url,
        ports: [],
        unseen:
          `port ${address.port} is held by a process of user ${holder.user}: ` +
          'run leakhunt as that user or with sudo, or give --probe',
      };
    }
    case 'nobody': {
      // A rule of the packet filter may do without a holder.
      const container = await containerPublishing(address);
      const pid = container && (await processOfContainer(container));
      if (pid !== undefined) return { url, ...(await processOf(pid, options)) };
      return { url, ports: [], ...(container && { container }) };
    }
    default:
      return { url, ports: [] };
  }
}

/** What is known of a process by itself. */
async function processOf(pid: number, { allowSignals }: LocateOptions): Promise<Omit<Target, 'url'>> {
  const [ports, runtime, program] = await Promise.all([portsOf(pid), runtimeOf(pid), programOf(pid)]);
  const { command } = program;
  const [own, its] = await Promise.all([namespaceOf('self'), namespaceOf(pid)]);
  if (own !== undefined && its !== undefined && own !== its) {
    const host = await hostOf(pid);
    const origins = host === undefined ? [] : ports.map(port => `http://${host}:${port}`);
    return { pid, runtime, command, ports: [], origins };
  }
  const mayOpen = allowSignals && runtime === 'node';
  return { pid, runtime, command, ports: mayOpen ? await openInspector(pid, ports) : ports };
}

/** The address at which a network namespace is reached, where its way out leads over this machine. */
async function hostOf(pid: number): Promise<string | undefined> {
  if (!(await gatewaysAround(pid)).some(isOwnAddress)) return undefined;
  const [host] = await addressesAround(pid);
  return host;
}

function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
}

/** Resolves to the address that a connection really led to: a name may stand for several. */
function reach(url: URL, options: LocateOptions): Promise<Address> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = portOf(url);
  return new Promise((resolve, reject) => {
    const socket =
      url.protocol === 'https:'
        ? connectTls(
            { host, port, rejectUnauthorized: !options.insecure, servername: isIP(host) ? '' : host },
            done,
          )
        : connectTcp({ host, port }, done);
    const timer = setTimeout(() => {
      fail(Object.assign(new Error('time-out'), { code: 'ETIMEDOUT' }));
    }, options.connectTimeout * 1000);

    function done() {
      clearTimeout(timer);
      const address = urlHost(socket.remoteAddress ?? host);
      socket.destroy();
      resolve({ host: address, port });
    }
    function fail(error: Error) {
      clearTimeout(timer);
      socket.destroy();
      reject(unreachable(url, error, options.connectTimeout));
    }
    socket.on('error', fail);
  });
}

/** Why a target cannot be reached, in a sentence that ends with what to do. */
function unreachable(url: URL, error: Error, seconds: number): LeakhuntError {
  const where = `${url.hostname}:${portOf(url)}`;
  const code = codeOf(error) ?? '';
  const sentence =
    sentences[code]?.(where, seconds) ?? (/CERT|SIGN|SSL|TLS|ALTNAME/.test(code) ? tls() : other());
  return targetError(code || 'UNREACHABLE', sentence, { cause: error });

  function tls() {
    return `TLS with ${where} failed (${messageOf(error)}): pass -k to accept its certificate, or use http://.`;
  }
  function other() {
    return `${where} cannot be reached: ${messageOf(error)}. Check the URL.`;
  }
}

const sentences: Record<string, (where: string, seconds: number) => string> = {
  ECONNREFUSED: where =>
    `Nothing listens on ${where} (connection refused): start the server, or check the port.`,
  ENOTFOUND: where => `The host of ${where} has no address (DNS lookup failed): check its spelling.`,
  EAI_AGAIN: where => `The host of ${where} has no address (DNS did not answer): check its spelling.`,
  ETIMEDOUT: (where, seconds) =>
    `${where} did not accept a connection within ${seconds} s: check the host, or raise --connect-timeout.`,
  EHOSTUNREACH: where => `There is no route to ${where}: check the host.`,
  ENETUNREACH: where => `There is no route to ${where}: check the host.`,
  ERR_SSL_WRONG_VERSION_NUMBER: where => `${where} does not speak TLS: use http:// in place of https://.`,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: where => `${where} does not speak TLS: use http:// in place of https://.`,
};
