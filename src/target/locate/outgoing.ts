import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { type Address, addressInWords, isSame, type TcpSocket, tcpTable } from '../processes/sockets.js';
import { watchTable } from './table-thread.js';

/** Milliseconds: a process that is forked for a connection lives longer. */
const treeLasts = 5;

/** The far end of connections that a process opened. */
export interface FarEnd {
  address: Address;
  /** How often traffic to it was seen. */
  signs: number;
  /** The near ends of its connections. */
  ports: Set<number>;
  /** How many connections to it have ended since. */
  closed: number;
}

/**
 * The connections that a process and its descendants open and use while they are watched. To catch one that
 * lives for a millisecond, it looks in two places at once, as often as possible: the kernel's table, which is
 * long, says where each connection leads, and the descriptors, which are few, say whose it is. An inode
 * identifies a socket in both, and is never reused.
 */
export class Traffic {
  /** All sockets of the process's network namespace, as last seen. */
  table: TcpSocket[] = [];
  readonly #held = new Set<string>();
  readonly #before = new Set<string>();
  readonly #seen = new Map<string, TcpSocket>();

  #tree: number[] = [];
  #treeAt = 0;

  constructor(readonly pid: number) {}

  /** The first look: a connection that stays as it is now shows no traffic. */
  async begin(): Promise<void> {
    this.#readTree();
    this.#lookAtHolders();
    this.table = await tcpTable(this.pid);
    for (const socket of this.table) this.#before.add(keyOf(socket));
  }

  /** Keeps looking while requests are sent. */
  async watch(send: () => Promise<unknown>): Promise<void> {
    {
      await using _ = await watchTable(this.pid, sockets => this.#add(sockets));
      let under = true;
      const sent = send().finally(() => {
        under = false;
      });
      while (under) {
        if (performance.now() - this.#treeAt > treeLasts) this.#readTree();
        this.#lookAtHolders();
        await setImmediate();
      }
      await sent;
    }
    this.table = await tcpTable(this.pid);
    this.#add(this.table);
  }

  #add(sockets: readonly TcpSocket[]): void {
    for (const socket of sockets) {
      const key = keyOf(socket);
      if (!this.#before.has(key)) this.#seen.set(key, socket);
    }
  }

  /**
   * The busiest first. Once one connection to an end is known to be the process's own, those that have ended
   * since count as well: the kernel lists them for a minute, but no longer says whose they were.
   */
  get ends(): FarEnd[] {
    const sockets = [...this.#seen.values()];
    const accepting = new Set(this.table.flatMap(({ listening, local }) => (listening ? local.port : [])));
    const ends = new Map<string, FarEnd>();
    for (const { listening, local, remote, inode } of sockets) {
      if (listening || accepting.has(local.port) || !this.#held.has(inode)) continue;
      const end = ends.get(addressInWords(remote)) ?? {
        address: remote,
        signs: 0,
        ports: new Set(),
        closed: 0,
      };
      end.signs += 1;
      end.ports.add(local.port);
      ends.set(addressInWords(remote), end);
    }
    for (const { closed, local, remote } of sockets) {
      if (!closed) continue;
      for (const end of ends.values()) {
        if (!isSame(local, end.address) && !isSame(remote, end.address)) continue;
        end.signs += 1;
        end.closed += 1;
      }
    }
    return [...ends.values()].sort((a, b) => b.signs - a.signs);
  }

  #lookAtHolders(): void {
    for (const inode of this.#tree.flatMap(socketsOf)) this.#held.add(inode);
  }

  #readTree(): void {
    this.#tree = treeOf(this.pid);
    this.#treeAt = performance.now();
  }
}

function keyOf({ local, remote, inode, state }: TcpSocket): string {
  return `${addressInWords(local)} ${addressInWords(remote)} ${inode} ${state}`;
}

/** Read synchronously: what is looked for is gone a moment later. */
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

/** A process that ended meanwhile holds nothing. */
function attempt<Result>(read: () => Result, otherwise: Result): Result {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
