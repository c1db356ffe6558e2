import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { tcpSockets, tcpTable } from './sockets.js';

/** The kernel's process table, Linux only: elsewhere every function here finds nothing. */

/** The fields after the command's name in `/proc/PID/stat`; the name may hold spaces and brackets (proc(5)). */
async function statFields(pid: number): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Clock ticks since boot at which the process started; with the pid it names one process for ever. */
export async function startTime(pid: number): Promise<number> {
  return Number((await statFields(pid))[19]);
}

async function parentOf(pid: number): Promise<number> {
  return Number((await statFields(pid))[1]);
}

/** A process and its descendants, as they are now (proc_pid_task(5), `children`). */
export async function treeOf(pid: number): Promise<number[]> {
  const children = await childrenOf(pid);
  const below = await Promise.all(children.map(treeOf));
  return [pid, ...below.flat()];
}

async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map(thread => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')),
  );
  return lists.flatMap(list => list.split(' ').filter(Boolean).map(Number));
}

/** The names of a process's threads, at most 15 characters of each (proc(5), `comm`). */
export async function threadNames(pid: number): Promise<string[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const names = threads.map(thread => readFile(`/proc/${pid}/task/${thread}/comm`, 'utf8').catch(() => ''));
  return (await Promise.all(names)).map(name => name.trim()).filter(Boolean);
}

/** The user a process runs as. */
export async function ownerOf(pid: number): Promise<number> {
  return (await stat(`/proc/${pid}`)).uid;
}

/** Whether a process group has a member that is not a zombie; undefined where there is no /proc. */
export async function groupRuns(group: number): Promise<boolean | undefined> {
  const names = await readdir('/proc').catch(() => undefined);
  if (!names) return undefined;
  const pids = names.filter(name => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(pids.map(pid => statFields(pid).catch(() => [])));
  return all.some(([state, , theirs]) => Number(theirs) === group && state !== 'Z');
}

/** What each descriptor of a process points to: `socket:[123]`, `/tmp/a`. Those closed meanwhile are left out. */
export async function descriptors(pid: number): Promise<string[]> {
  const names = await readdir(`/proc/${pid}/fd`);
  const links = await Promise.all(
    names.map(name => readlink(`/proc/${pid}/fd/${name}`).catch(() => undefined)),
  );
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

/** The processes that listen on a TCP port of this machine, at whatever address. */
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

/** Of processes that listen on one port, those that no other one of them started: one, unless they are strangers. */
export async function eldest(pids: readonly number[]): Promise<number[]> {
  const parents = await Promise.all(pids.map(pid => parentOf(pid).catch(() => 0)));
  return pids.filter((_, i) => !pids.includes(parents[i]!));
}

/** A process's environment as it was at its start. */
export async function environmentOf(pid: number): Promise<Record<string, string>> {
  const text = await readFile(`/proc/${pid}/environ`, 'utf8');
  const pairs = text
    .split('\0')
    .map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]);
  return Object.fromEntries(pairs);
}

/** The values of `/proc/PID/status` that are numbers; sizes in bytes. */
export async function statusOf(pid: number): Promise<Record<string, number>> {
  const values: Record<string, number> = {};
  for (const row of (await readFile(`/proc/${pid}/status`, 'utf8')).split('\n')) {
    const match = /^(\w+):\s+(\d+)( kB)?$/.exec(row);
    if (match) values[match[1]!] = Number(match[2]) * (match[3] ? 1024 : 1);
  }
  return values;
}
