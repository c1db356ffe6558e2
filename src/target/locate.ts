import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { codeOf, type LeakhuntError, messageOf, targetError } from '../errors.js';
import { openInspector, pidsListeningOn, portsOf } from './listening.js';
import { eldest } from './procfs.js';
import { type Runtime, runtimeOf } from './runtime.js';

/** Where the uploads go, and the process behind it where that is on this machine and can be seen. */
export interface Target {
  url: URL;
  pid?: number;
  runtime?: Runtime;
  /** Processes that listen on the same port and have nothing to do with each other: which is meant is not known. */
  rivals?: number[];
  /** The TCP ports the process listens on: its metrics are often on another than its uploads. */
  ports: number[];
}

export interface LocateOptions {
  /** Seconds. */
  connectTimeout: number;
  /** Accept any certificate. */
  insecure: boolean;
  /** Have a Node process open its inspector by SIGUSR1. */
  allowSignals?: boolean;
}

const loopback = /^(localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/;

/** Opens one connection to show that the target is there, then finds its process. Throws exit 4 when it is not. */
export async function locate(url: URL, options: LocateOptions): Promise<Target> {
  await reach(url, options);
  if (!loopback.test(url.hostname)) return { url, ports: [] };
  const [pid, ...strangers] = await eldest(await pidsListeningOn(portOf(url)).catch(() => []));
  if (pid === undefined) return { url, ports: [] };
  if (strangers.length > 0) return { url, ports: [], rivals: [pid, ...strangers] };
  const [ports, runtime] = await Promise.all([portsOf(pid), runtimeOf(pid)]);
  const mayOpen = options.allowSignals && runtime === 'node';
  return { url, pid, runtime, ports: mayOpen ? await openInspector(pid, ports) : ports };
}

function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
}

function reach(url: URL, options: LocateOptions): Promise<void> {
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
      socket.destroy();
      resolve();
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
