import { namespaceOf, otherNamespaces } from '../processes/namespaces.js';
import { argumentsOf, descriptors, treeOf } from '../processes/procfs.js';
import { type Address, addressInWords, tcpTable, urlHost } from '../processes/sockets.js';
import { type Holder, holding, inNamespaces } from './holder.js';

/** Who accepts what is sent to a published port. */
export interface Published {
  holder: Holder;
  /** Its address, in words. */
  place: string;
}

/**
 * The server behind the program that holds the published port of a container; undefined if that cannot be
 * told.
 */
export async function behindPublished(pid: number): Promise<Published | undefined> {
  const address = proxied(await argumentsOf(pid).catch(() => []));
  if (address)
    return { holder: await inNamespaces(address, { reachable: false }), place: addressInWords(address) };
  const holder = await insideOf(pid);
  return holder && { holder, place: 'a container' };
}

/** Where Docker's proxy hands on: `docker-proxy ... -container-ip 172.17.0.2 -container-port 8000`. */
export function proxied(words: readonly string[]): Address | undefined {
  const after = (option: string) => {
    const at = words.indexOf(option);
    return at < 0 ? undefined : words[at + 1];
  };
  const [host, port] = [after('-container-ip'), Number(after('-container-port'))];
  return host && Number.isSafeInteger(port) ? { host: urlHost(host), port } : undefined;
}

/**
 * Who listens in the network namespace that a program reaches into: conmon is the parent of what it serves,
 * rootlessport has a child there, pasta holds the namespace open. Its port there is not known, so every
 * listener is meant: if that is not one process, it is not clear which.
 */
async function insideOf(pid: number): Promise<Holder | undefined> {
  const own = await namespaceOf(pid);
  const [, ...below] = await treeOf(pid);
  const open = (await descriptors(pid).catch(() => [])).filter(link => link.startsWith('net:['));
  const names = new Set([...(await Promise.all(below.map(namespaceOf))), ...open]);
  const inner = (await otherNamespaces()).filter(({ name }) => name !== own && names.has(name));
  if (inner.length !== 1) return undefined;
  const listeners = (await tcpTable(inner[0]!.pid)).filter(({ listening }) => listening);
  return listeners.length === 0 ? undefined : holding(listeners);
}
