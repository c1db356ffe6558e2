import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tcpSockets, tcpTable } from './sockets.js';

/**
 * The kernel's process table, Linux only: elsewhere every function here finds nothing. Files that each
 * reading needs are read synchronously: /proc is not a disk, and three hops to another thread per file take
 * ten times as long.
 */

/**
 * The fields after the command's name in `/proc/PID/stat`; the name may hold spaces and brackets (proc(5)).
 */
async function statFields(pid: number | string): Promise<string[]> {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/**
 * Clock ticks since boot at which the process, or one of its threads (`1/task/2`), started; together with the
 * pid, they identify a process for ever.
 */
export async function startTime(pid: number | string): Promise<number> {
  return Number((await statFields(pid))[19]);
}

export async function parentOf(pid: number): Promise<number> {
  return Number((await statFields(pid))[1]);
}

/** A process and its descendants, as they are now (proc_pid_task(5), `children`). */
export async function treeOf(pid: number): Promise<number[]> {
  const children = await childrenOf(pid);
  const below = await Promise.all(children.map(treeOf));
  return [pid, ...below.flat()];
}

async function childrenOf(pid: number): Promise<number[]> {
  const threads = orNone(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  const lists = threads.map(
    thread => orNone(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')) ?? '',
  );
  return lists.flatMap(list => list.split(' ').filter(Boolean).map(Number));
}

/** Clock ticks per second as /proc counts them: USER_HZ is 100 wherever Linux runs (time(7)). */
export const ticksPerSecond = 100;

/**
 * CPU time that processes have used so far, in seconds (proc_pid_stat(5), `utime` and `stime`); those that
 * ended count as zero.
 */
export async function cpuSecondsOf(pids: readonly number[]): Promise<number> {
  const all = await Promise.all(pids.map(pid => statFields(pid).catch(() => [])));
  const ticks = all.map(fields => Number(fields[11] ?? 0) + Number(fields[12] ?? 0));
  return ticks.reduce((sum, each) => sum + each, 0) / ticksPerSecond;
}

/** Threads and descriptors that ended meanwhile are left out. */
function orNone<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The names of a process's threads, at most 15 characters of each (proc(5), `comm`). */
export async function threadNames(pid: number): Promise<string[]> {
  const threads = readdirSync(`/proc/${pid}/task`);
  const names = threads.map(
    thread => orNone(() => readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8')) ?? '',
  );
  return names.map(name => name.trim()).filter(Boolean);
}

/** One line of the process table (proc_pid_stat(5)). */
export interface Process {
  pid: number;
  /** `Z` is a zombie: dead, and not yet reaped. */
  state: string;
  parent: number;
  group: number;
  session: number;
  /** Clock ticks since boot. */
  started: number;
}

/** Every process of this machine at present; none without /proc. */
export async function processes(): Promise<Process[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter(name => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(pid => processOf(pid).catch(() => undefined)));
  return found.filter(each => each !== undefined);
}

async function processOf(pid: number): Promise<Process> {
  const fields = await statFields(pid);
  const [parent, group, session] = fields.slice(1, 4).map(Number) as [number, number, number];
  return { pid, state: fields[0]!, parent, group, session, started: Number(fields[19]) };
}

/** The words that a process was started with, or has replaced them by; none for a kernel thread. */
export async function commandLineOf(pid: number): Promise<string[]> {
  return (await argumentsOf(pid)).filter(Boolean);
}

/**
 * What each descriptor of a process points to: `socket:[123]`, `/tmp/a`. Those closed meanwhile are left out.
 */
export async function descriptors(pid: number): Promise<string[]> {
  const names = readdirSync(`/proc/${pid}/fd`);
  const links = names.map(name => orNone(() => readlinkSync(`/proc/${pid}/fd/${name}`)));
  return links.filter(link => link !== undefined);
}

/** The processes that hold one of these sockets, given by their inodes; those of other users are not seen. */
export async function pidsHolding(inodes: ReadonlySet<string>): Promise<number[]> {
  if (inodes.size === 0) return [];
  const wanted = new Set([...inodes].map(inode => `socket:[${inode}]`));
  const pids: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const open = await descriptors(Number(name)).catch(() => []);
    if (open.some(link => wanted.has(link))) pids.push(Number(name));
  }
  return pids;
}

/** The processes that listen on a TCP port of this machine, at any address. */
export async function pidsListeningOn(port: number): Promise<number[]> {
  const there = (await tcpTable('self')).filter(({ listening, local }) => listening && local.port === port);
  return pidsHolding(new Set(there.map(({ inode }) => inode)));
}

/** The TCP ports that a process listens on. */
export async function portsOf(pid: number): Promise<number[]> {
  const sockets = await tcpSockets(pid);
  const open = await descriptors(pid).catch(() => []);
  const own = open.map(link => sockets.get(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? ''));
  return [...new Set(own.flatMap(socket => (socket?.listening ? socket.local.port : [])))];
}

/**
 * Among processes that listen on one port, those that no other one started: a single one, unless they are
 * unrelated.
 */
export async function eldest(pids: readonly number[]): Promise<number[]> {
  const parents = await Promise.all(pids.map(pid => parentOf(pid).catch(() => 0)));
  return pids.filter((_, i) => !pids.includes(parents[i]!));
}

/** A process's environment at its start; nothing if it was overwritten. */
export async function environmentOf(pid: number): Promise<Record<string, string>> {
  return parseEnvironment(await readFile(`/proc/${pid}/environ`, 'utf8')) ?? {};
}

/**
 * The variables of `/proc/PID/environ`; undefined if it cannot be read, or was overwritten: some programs
 * write their title over it (nginx, anything with setproctitle), and what is left is zeros or the end of a
 * sentence.
 */
export function parseEnvironment(text: string | undefined): Record<string, string> | undefined {
  if (text === undefined) return undefined;
  const pairs = text.split('\0').filter(Boolean);
  if (text !== '' && pairs.length === 0) return undefined;
  if (pairs.length > 0 && !/^[A-Za-z_][^\s=]*=/.test(pairs[0]!)) return undefined;
  return Object.fromEntries(
    pairs.map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

/** A process's command line, its program first. */
export async function argumentsOf(pid: number): Promise<string[]> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').slice(0, -1);
}

/** Bytes in memory of the mappings that begin between two addresses (proc_pid_smaps(5), `Rss`). */
export async function residentIn(pid: number, { from, to }: AddressRange): Promise<number> {
  let resident = 0;
  let inside = false;
  for (const row of (await readFile(`/proc/${pid}/smaps`, 'utf8')).split('\n')) {
    const start = /^([\da-f]+)-[\da-f]+ /.exec(row)?.[1];
    if (start !== undefined) {
      const address = BigInt(`0x${start}`);
      inside = address >= from && address < to;
    } else if (inside && row.startsWith('Rss:')) {
      resident += Number(/\d+/.exec(row)![0]) * 1024;
    }
  }
  return resident;
}

export interface AddressRange {
  from: bigint;
  /** The first address after it. */
  to: bigint;
}

/** The values of `/proc/PID/status` that are numbers; sizes in bytes. */
export async function statusOf(pid: number): Promise<Record<string, number>> {
  return statusIn(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

/** The same for its text from any place. */
export function statusIn(text: string): Record<string, number> {
  const values: Record<string, number> = {};
  for (const row of text.split('\n')) {
    const match = /^(\w+):\s+(\d+)( kB)?$/.exec(row);
    if (match) values[match[1]!] = Number(match[2]) * (match[3] ? 1024 : 1);
  }
  return values;
}
