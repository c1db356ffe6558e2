import { readdir, readFile, readlink } from 'node:fs/promises';
import { addressOf, urlHost } from './sockets.js';

/** A network namespace, by a process in it: /proc shows its content by any of its processes. */
export interface Namespace {
  /** `net:[4026531840]` */
  name: string;
  pid: number;
}

/** The network namespace of a process; undefined if it may not be read. */
export function namespaceOf(pid: number | 'self'): Promise<string | undefined> {
  return readlink(`/proc/${pid}/ns/net`).catch(() => undefined);
}

/** The network namespaces of this machine other than leakhunt's own, each once. */
export async function otherNamespaces(): Promise<Namespace[]> {
  const own = await namespaceOf('self');
  const pids = (await readdir('/proc').catch(() => [])).filter(name => /^\d+$/.test(name)).map(Number);
  const names = await Promise.all(pids.map(namespaceOf));
  const found = new Map<string, Namespace>();
  for (const [i, name] of names.entries()) {
    if (name !== undefined && name !== own && !found.has(name)) found.set(name, { name, pid: pids[i]! });
  }
  return [...found.values()];
}

/** The addresses of a process's network namespace, as in a URL, without those of the loopback interface. */
export async function addressesAround(pid: number): Promise<Set<string>> {
  const [trie, six] = await Promise.all(
    ['fib_trie', 'if_inet6'].map(name => readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => '')),
  );
  return new Set([...localIn(trie!), ...addressesIn(six!)]);
}

/** `|-- 172.17.0.2` and below it `/32 host LOCAL` (the kernel's net/ipv4/fib_trie.c). */
export function localIn(trie: string): string[] {
  const found = trie.matchAll(/\|-- (\d+(?:\.\d+){3})\n\s+\/32 host LOCAL/g);
  return [...found].map(([, address]) => address!).filter(address => !address.startsWith('127.'));
}

/** `fe80000000000000004211fffeac0002 04 40 20 80 eth0` (proc(5), `if_inet6`). */
export function addressesIn(text: string): string[] {
  const rows = text.split('\n').map(row => row.trim().split(/\s+/));
  return rows.flatMap(([hex, , , , , device]) =>
    hex?.length === 32 && device !== 'lo' ? urlHost(hex.match(/.{4}/g)!.join(':')) : [],
  );
}

/** The gateways of a process's network namespace (proc(5), `route`). */
export async function gatewaysAround(pid: number): Promise<string[]> {
  const rows = (await readFile(`/proc/${pid}/net/route`, 'utf8').catch(() => '')).split('\n').slice(1);
  const gateways = rows.map(row => row.split('\t')[2] ?? '').filter(hex => /^[\dA-F]{8}$/i.test(hex));
  return gateways.map(hex => addressOf(`${hex}:0`).host).filter(host => host !== '0.0.0.0');
}
