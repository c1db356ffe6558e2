import { messageOf } from '../errors.js';
import type { Target } from '../target/locate.js';
import { descriptors, environmentOf, ownerOf, startTime, statusOf, treeOf } from '../target/procfs.js';
import { filesIn } from './files.js';
import { NotThere, type Probe, probeError, type Sample } from './probe.js';

/** The kernel's view of a process on this machine and its children, their sum: memory, threads, descriptors, temp files. */
export async function pid(target: Target, argument?: string): Promise<Probe> {
  const pid = argument === undefined ? target.pid : Number(argument);
  if (process.platform !== 'linux') throw new NotThere(`/proc is Linux's, this is ${process.platform}`);
  if (pid === undefined && target.rivals) {
    throw new NotThere(
      `processes ${target.rivals.join(' and ')} listen on the same port: choose one, as in --probe pid=${target.rivals[0]}`,
    );
  }
  if (pid === undefined) {
    throw new NotThere(`no process of this user on this machine listens on the port of ${target.url.origin}`);
  }
  if (!Number.isSafeInteger(pid) || pid < 1) throw new NotThere(`"${argument}" is not a process id`);
  const born = await startTime(pid).catch(() => {
    throw new NotThere(`there is no process ${pid}`);
  });
  await descriptors(pid).catch(() => {
    throw new NotThere(`process ${pid} belongs to another user`);
  });
  const folder = (await environmentOf(pid).catch(() => ({}) as Record<string, string>)).TMPDIR || '/tmp';
  const owner = await ownerOf(pid);
  const since = Date.now();

  return { source: 'pid', endpoint: `/proc/${pid}, temp files in ${folder}`, read };

  async function read(): Promise<Sample> {
    try {
      const [own, ...children] = await treeOf(pid!);
      const main = await usageOf(own!);
      const others = await Promise.all(children.map(child => usageOf(child).catch(() => undefined)));
      const temp = await filesIn(folder, since, owner);
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
}

/** What one process uses. A zombie has no memory: it is an error, not zeros. */
async function usageOf(pid: number) {
  const [{ VmRSS, RssAnon, Threads, VmHWM }, open] = await Promise.all([statusOf(pid), descriptors(pid)]);
  if (VmRSS === undefined || RssAnon === undefined || Threads === undefined || VmHWM === undefined) {
    throw new Error('it is a zombie');
  }
  const sockets = open.filter(link => link.startsWith('socket:')).length;
  return { rss: VmRSS, anon: RssAnon, threads: Threads, 'open-files': open.length - sockets, sockets, VmHWM };
}

type Usage = Awaited<ReturnType<typeof usageOf>>;

function sumOf(usages: Usage[]): Usage {
  const sum = { ...usages[0]! };
  for (const usage of usages.slice(1)) {
    for (const name of Object.keys(sum) as (keyof Usage)[]) sum[name] += usage[name];
  }
  return sum;
}
