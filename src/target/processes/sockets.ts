import { readFile } from 'node:fs/promises';
import { isIPv4, isIPv6 } from 'node:net';

/** One end of a TCP connection as the kernel lists it, or a socket that listens. */
export interface TcpSocket {
  local: Address;
  remote: Address;
  listening: boolean;
  /** Ended on both sides, and listed for another minute without its inode (TIME_WAIT). */
  closed: boolean;
  /** The user who opened it. */
  uid: number;
  inode: string;
  /** The state of its queues, window and timers: two looks differ if there was traffic in between. */
  state: string;
}

export interface Address {
  /** As in a URL: `127.0.0.1`, `[::1]`. */
  host: string;
  port: number;
}

const listen = '0A';
const timeWait = '06';

/** The TCP sockets of a process's network namespace, by inode. */
export async function tcpSockets(pid: number): Promise<Map<string, TcpSocket>> {
  const open = (await tcpTable(pid)).filter(({ closed }) => !closed);
  return new Map(open.map(socket => [socket.inode, socket]));
}

/**
 * Every TCP socket of a process's network namespace. None outside of Linux, or if the table cannot be read.
 */
export async function tcpTable(pid: number | 'self'): Promise<TcpSocket[]> {
  const tables = ['tcp', 'tcp6'].map(table => readFile(`/proc/${pid}/net/${table}`, 'utf8').catch(() => ''));
  return (await Promise.all(tables)).flatMap(parseTcpTable);
}

/** Source: the kernel's Documentation/networking/proc_net_tcp.rst. */
export function parseTcpTable(text: string): TcpSocket[] {
  return text.split('\n').flatMap(parseRow);
}

function parseRow(row: string): TcpSocket | [] {
  const [, local, remote, status, queues, , , uid, , inode, , , ...timers] = row.trim().split(/\s+/);
  if (!local?.includes(':') || !remote || !inode) return [];
  const closed = status === timeWait;
  return {
    local: addressOf(local),
    remote: addressOf(remote),
    listening: status === listen,
    closed,
    uid: Number(uid),
    inode,
    state: closed ? timeWait : [status, queues, ...timers].join(' '),
  };
}

/**
 * `0100007F:2384`: the bytes of the address in words of the machine's own order (little-endian here), the
 * port in hex.
 */
export function addressOf(text: string): Address {
  const [hex, port] = text.split(':') as [string, string];
  const words = hex.match(/.{8}/g)?.map(word => word.match(/../g)!.reverse().join('')) ?? [];
  return { host: hostOf(words.join('')), port: Number.parseInt(port, 16) };
}

function hostOf(hex: string): string {
  const bytes = hex.match(/../g)?.map(byte => Number.parseInt(byte, 16)) ?? [];
  if (bytes.length === 4) return bytes.join('.');
  const mapped = bytes.slice(12).join('.');
  if (/^0{20}f{4}/i.test(hex) && isIPv4(mapped)) return mapped;
  return urlHost((hex.toLowerCase().match(/.{4}/g) ?? []).join(':'));
}

/** `127.0.0.1:8000` */
export function addressInWords({ host, port }: Address): string {
  return `${host}:${port}`;
}

export function isSame(one: Address, other: Address): boolean {
  return one.port === other.port && one.host === other.host;
}

/** An address of either family as in a URL; an IPv4 address that is written as IPv6 is written as IPv4. */
export function urlHost(address: string): string {
  const [bare] = address.split('%') as [string];
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (mapped) return mapped;
  // The system's own parser writes an address in its shortest form (RFC 5952).
  return isIPv6(bare) ? new URL(`http://[${bare}]`).hostname : bare;
}

/**
 * The sockets that accept a connection to an address: those that listen on the address itself, or else on
 * every address of its family, or else on every address of both. Several share one by SO_REUSEPORT.
 */
export function listenersAt(sockets: readonly TcpSocket[], { host, port }: Address): TcpSocket[] {
  const there = sockets.filter(each => each.listening && each.local.port === port);
  for (const place of host.startsWith('[') ? [host, '[::]'] : [host, '0.0.0.0', '[::]']) {
    const found = there.filter(({ local }) => local.host === place);
    if (found.length > 0) return found;
  }
  return [];
}
