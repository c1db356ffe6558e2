import { networkInterfaces } from 'node:os';
import { urlHost } from './sockets.js';

/** Whether an address (as a URL has it) is one of this machine's own. */
export function isOwnAddress(host: string): boolean {
  if (/^127(\.\d+){3}$/.test(host) || ['[::1]', '0.0.0.0', '[::]'].includes(host)) return true;
  const own = Object.values(networkInterfaces()).flatMap(addresses => addresses ?? []);
  return own.some(({ address }) => urlHost(address) === host);
}
