import { processIdIn } from '../../amounts.js';
import { messageOf } from '../../errors.js';
import type { Target } from '../../target/locate/locate.js';
import { collectorOf } from '../../target/processes/collector.js';
import {
  cpuSecondsOf,
  descriptors,
  startTime,
  statusOf,
  threadNames,
  treeOf,
} from '../../target/processes/procfs.js';
import { runtimeOf } from '../../target/processes/runtime.js';
import { type TcpSocket, tcpSockets } from '../../target/processes/sockets.js';
import { tempFoldersOf } from '../../target/processes/temp-folders.js';
import {
  noProcess,
  type Probe,
  probeError,
  type RawProfile,
  type Sample,
  type Source,
  SourceUnavailable,
} from '../probe.js';
import type { Moment, ResourceValues } from '../reading.js';
import { type Descriptor, descriptorsOf } from './open-files.js';
import { type FileAmount, OwnFiles } from './own-files.js';

export const pidSource: Source = {
  open: pid,
  auto: true,
  example: 'pid=PID',
  ofProcess: true,
  isProcess: true,
  names: 'process',
};

/**
 * The kernel's view of a process on this machine and its children, as a sum: memory, threads, descriptors,
 * temp files.
 */
export async function pid(target: Target, argument?: string): Promise<Probe> {
  const pid = argument === undefined ? target.pid : (processIdIn(argument) ?? 0);
  if (process.platform !== 'linux')
    throw new SourceUnavailable(`/proc only exists on Linux, and this is ${process.platform}`);
  if (pid === undefined) throw noProcess(target);
  if (pid === 0) throw new SourceUnavailable(`"${argument}" is not a process id`);
  const born = await startTime(pid).catch(() => {
    throw new SourceUnavailable(`there is no process ${pid}`);
  });
  await descriptors(pid).catch(() => {
    throw new SourceUnavailable(`process ${pid} belongs to another user`);
  });
  const runtime = await runtimeOf(pid);
  const collector = runtime && (await collectorOf(pid, runtime));
  const folders = await tempFoldersOf(pid, runtime);
  const files = await new OwnFiles(pid, folders).open();
  /** Numbers readings without a moment, downwards from -1. */
  let uncounted = 0;

  return {
    source: 'pid',
    endpoint: `/proc/${pid}${folders.temp ? `, temp files in ${folders.temp.path}` : ''}`,
    collector,
    read,
    pending,
    revised: reading => valuesOf(files.revised(reading)),
    profile,
    get folder() {
      return files.mainFolder;
    },
    get undecided() {
      return files.undecided;
    },
    cpuSeconds,
    close: async () => files.close(),
  };

  async function read(again = false, moment?: Moment): Promise<Sample> {
    try {
      const [own, ...children] = await treeOf(pid!);
      const main = await usageOf(own!);
      const others = await Promise.all(children.map(child => usageOf(child).catch(() => undefined)));
      const usages = [main, ...others.filter(usage => usage !== undefined)];
      const { VmHWM, ...values } = sumOf(usages.map(({ usage }) => usage));
      const open = usages.flatMap(({ open }) => open);
      uncounted -= moment || again ? 0 : 1;
      const now = moment ?? { reading: uncounted, kind: 'blank', uploads: 0 };
      const found = await files.read([own!, ...children], again, now, open);
      return {
        values: { ...values, ...valuesOf(found) },
        peak: VmHWM,
        processes: 1 + children.length,
        identity: `${pid} ${born === (await startTime(pid!)) ? 'same' : 'another'}`,
      };
    } catch (error) {
      throw probeError(
        'pid',
        `process ${pid} could not be read (${messageOf(error)}): it has exited.`,
        error,
      );
    }
  }

  async function pending(): Promise<ResourceValues> {
    const usages = await Promise.all((await treeOf(pid!)).map(each => usageOf(each).catch(() => undefined)));
    const { threads, 'open-files': files, sockets } = sumOf(usages.flatMap(each => each?.usage ?? []));
    return { threads, 'open-files': files, sockets };
  }

  async function cpuSeconds(): Promise<number> {
    return cpuSecondsOf(await treeOf(pid!));
  }

  /**
   * Lines of the `descriptors` format: the resource, a tab, the name and, for a file left behind, its size.
   */
  async function profile(): Promise<RawProfile[]> {
    const open = (await Promise.all((await treeOf(pid!)).map(heldBy))).flat();
    const left = (await files.list()).map(({ path, size }) => `temp-files\t${oneLine(path)}\t${size}`);
    return [{ format: 'descriptors', bytes: Buffer.from([...open, ...left].join('\n')) }];
  }
}

function valuesOf(found?: FileAmount): ResourceValues {
  return found ? { 'temp-files': found.files, disk: found.bytes } : {};
}

/** What the descriptors of one process are and, for a socket, its address; and the names of its threads. */
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

/** A socket by the address that stays the same from connection to connection: the listening one. */
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
async function usageOf(pid: number): Promise<{ usage: Usage; open: Descriptor[] }> {
  const { VmRSS, RssAnon, RssShmem = 0, Threads, VmHWM } = await statusOf(pid);
  const open = descriptorsOf(pid);
  if (VmRSS === undefined || RssAnon === undefined || Threads === undefined || VmHWM === undefined) {
    throw new Error('it is a zombie');
  }
  const sockets = open.filter(({ link }) => link.startsWith('socket:')).length;
  const usage = {
    rss: VmRSS,
    anon: RssAnon,
    shmem: RssShmem,
    threads: Threads,
    'open-files': open.length - sockets,
    sockets,
    VmHWM,
  };
  return { usage, open };
}

type Usage = Record<'rss' | 'anon' | 'shmem' | 'threads' | 'open-files' | 'sockets' | 'VmHWM', number>;

function sumOf(usages: Usage[]): Usage {
  const sum = { ...usages[0]! };
  for (const usage of usages.slice(1)) {
    for (const name of Object.keys(sum) as (keyof Usage)[]) sum[name] += usage[name];
  }
  return sum;
}
