import { messageOf } from '../errors.js';
import { collectorOf } from '../target/collector.js';
import type { Target } from '../target/locate.js';
import {
  cpuSecondsOf,
  descriptors,
  environmentOf,
  ownerOf,
  startTime,
  statusOf,
  threadNames,
  treeOf,
} from '../target/procfs.js';
import { runtimeOf } from '../target/runtime.js';
import { type TcpSocket, tcpSockets } from '../target/sockets.js';
import { filesIn, type KnownFiles } from './files.js';
import { NotThere, noProcess, type Probe, probeError, type RawProfile, type Sample } from './probe.js';

/** The kernel's view of a process on this machine and its children, their sum: memory, threads, descriptors, temp files. */
export async function pid(target: Target, argument?: string): Promise<Probe> {
  const pid = argument === undefined ? target.pid : Number(argument);
  if (process.platform !== 'linux') throw new NotThere(`/proc is Linux's, this is ${process.platform}`);
  if (pid === undefined) throw noProcess(target);
  if (!Number.isSafeInteger(pid) || pid < 1) throw new NotThere(`"${argument}" is not a process id`);
  const born = await startTime(pid).catch(() => {
    throw new NotThere(`there is no process ${pid}`);
  });
  await descriptors(pid).catch(() => {
    throw new NotThere(`process ${pid} belongs to another user`);
  });
  const folder = (await environmentOf(pid).catch(() => ({}) as Record<string, string>)).TMPDIR || '/tmp';
  const owner = await ownerOf(pid);
  const runtime = await runtimeOf(pid);
  const collector = runtime && (await collectorOf(pid, runtime));
  const since = Date.now();
  /** The files of this reading: they were complete when it began. */
  let known: KnownFiles = new Map();

  return {
    source: 'pid',
    endpoint: `/proc/${pid}, temp files in ${folder}`,
    collector,
    read,
    profile,
    folder,
    cpuSeconds,
  };

  async function read(again = false): Promise<Sample> {
    if (!again) known = new Map();
    try {
      const [own, ...children] = await treeOf(pid!);
      const main = await usageOf(own!);
      const others = await Promise.all(children.map(child => usageOf(child).catch(() => undefined)));
      const temp = await filesIn(folder, since, owner, false, known);
      const { VmHWM, ...values } = sumOf([main, ...others.filter(usage => usage !== undefined)]);
      return {
        values: { ...values, ...(temp ? { 'temp-files': temp.count, disk: temp.bytes } : {}) },
        peak: VmHWM,
        processes: 1 + children.length,
        identity: `${pid} ${born === (await startTime(pid!)) ? 'same' : 'another'}`,
      };
    } catch (error) {
      throw probeError('pid', `process ${pid} cannot be read (${messageOf(error)}): it has ended.`, error);
    }
  }

  async function cpuSeconds(): Promise<number> {
    return cpuSecondsOf(await treeOf(pid!));
  }

  /** Lines of the `descriptors` format: what is open or left behind, a tab, which, and of a file its size. */
  async function profile(): Promise<RawProfile[]> {
    const open = (await Promise.all((await treeOf(pid!)).map(heldBy))).flat();
    const temp = await filesIn(folder, since, owner, true, known);
    const left = temp?.list.map(({ path, size }) => `temp-files\t${oneLine(path)}\t${size}`) ?? [];
    return [{ format: 'descriptors', bytes: Buffer.from([...open, ...left].join('\n')) }];
  }
}

/** What the descriptors of one process are, of a socket, who is at its other end; and the names of its threads. */
async function heldBy(pid: number): Promise<string[]> {
  const links = await descriptors(pid).catch(() => []);
  const threads = await threadNames(pid).catch(() => []);
  const sockets = links.some(link => link.startsWith('socket:')) ? await tcpSockets(pid) : new Map();
  const listening = new Set([...sockets.values()].flatMap(each => (each.listening ? each.local.port : [])));
  const open = links.map(link => {
    const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
    if (inode === undefined) return `open-files\t${oneLine(link)}`;
    return `sockets\t${socketInWords(sockets.get(inode), listening)}`;
  });
  return [...open, ...threads.map(name => `threads\t${oneLine(name)}`)];
}

/** By the address that stays the same from connection to connection: the one that listens. */
function socketInWords(socket: TcpSocket | undefined, listening: ReadonlySet<number>): string {
  if (!socket) return 'socket that is not TCP, or not connected';
  const { local, remote } = socket;
  if (socket.listening) return `TCP listening on ${local.host}:${local.port}`;
  return listening.has(local.port)
    ? `TCP accepted on ${local.host}:${local.port}`
    : `TCP to ${remote.host}:${remote.port}`;
}

function oneLine(path: string): string {
  return path.replace(/[\t\n]/g, '?');
}

/** What one process uses. A zombie has no memory: it is an error, not zeros. */
async function usageOf(pid: number) {
  const [{ VmRSS, RssAnon, RssShmem = 0, Threads, VmHWM }, open] = await Promise.all([
    statusOf(pid),
    descriptors(pid),
  ]);
  if (VmRSS === undefined || RssAnon === undefined || Threads === undefined || VmHWM === undefined) {
    throw new Error('it is a zombie');
  }
  const sockets = open.filter(link => link.startsWith('socket:')).length;
  return {
    rss: VmRSS,
    anon: RssAnon,
    shmem: RssShmem,
    threads: Threads,
    'open-files': open.length - sockets,
    sockets,
    VmHWM,
  };
}

type Usage = Awaited<ReturnType<typeof usageOf>>;

function sumOf(usages: Usage[]): Usage {
  const sum = { ...usages[0]! };
  for (const usage of usages.slice(1)) {
    for (const name of Object.keys(sum) as (keyof Usage)[]) sum[name] += usage[name];
  }
  return sum;
}
