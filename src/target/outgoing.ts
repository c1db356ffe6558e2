import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { type Address, type TcpSocket, tcpTable } from './sockets.js';

/**
 * What is read here is read at once, without giving way: a forwarder's connection may live for less than a
 * millisecond, and the descriptor that says whose it is lives no longer.
 */

/** The connections of a process and its descendants at one moment. */
export interface Look {
  /** Those that they opened; what they accepted is left out. */
  opened: TcpSocket[];
  /** The inodes of all their sockets. */
  held: Set<string>;
  /** All sockets of their network namespace. */
  table: TcpSocket[];
}

export function lookAt(pid: number): Look {
  const table = tcpTable(pid);
  const held = new Set(treeOf(pid).flatMap(socketsOf));
  const accepting = new Set(table.flatMap(({ listening, local }) => (listening ? local.port : [])));
  const opened = table.filter(
    ({ inode, listening, local }) => !listening && !accepting.has(local.port) && held.has(inode),
  );
  return { opened, held, table };
}

function treeOf(pid: number): number[] {
  const threads = attempt(() => readdirSync(`/proc/${pid}/task`), []);
  const children = threads.flatMap(thread =>
    attempt(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8'), '').split(' '),
  );
  return [pid, ...children.filter(Boolean).flatMap(child => treeOf(Number(child)))];
}

function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return attempt(() => readdirSync(folder), []).flatMap(name => {
    const link = attempt(() => readlinkSync(`${folder}/${name}`), '');
    return /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? [];
  });
}

/** What ended meanwhile holds nothing. */
function attempt<Result>(read: () => Result, otherwise: Result): Result {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** A far end of connections, and how often something was seen to pass to it. */
export interface FarEnd {
  address: Address;
  signs: number;
  /** The near ends of its connections, where they were seen last. */
  ports: Set<number>;
}

/** The far ends of connections that were used between a first look and later ones; idle ones give no sign. */
export class Traffic {
  readonly #before: Map<string, string>;
  readonly #ends = new Map<string, { address: Address; states: Set<string>; ports: Set<number> }>();

  constructor(before: readonly TcpSocket[]) {
    this.#before = new Map(before.map(socket => [pairOf(socket), socket.state]));
  }

  add(opened: readonly TcpSocket[]): void {
    for (const socket of opened) {
      const pair = pairOf(socket);
      if (this.#before.get(pair) === socket.state) continue;
      const key = `${socket.remote.host}:${socket.remote.port}`;
      const end = this.#ends.get(key) ?? { address: socket.remote, states: new Set(), ports: new Set() };
      end.states.add(`${pair} ${socket.state}`);
      end.ports.add(socket.local.port);
      this.#ends.set(key, end);
    }
  }

  /** The busiest first. */
  ends(): FarEnd[] {
    const ends = [...this.#ends.values()].map(({ states, ...end }) => ({ ...end, signs: states.size }));
    return ends.sort((a, b) => b.signs - a.signs);
  }
}

function pairOf({ local, remote }: TcpSocket): string {
  return `${local.host}:${local.port} ${remote.host}:${remote.port}`;
}
