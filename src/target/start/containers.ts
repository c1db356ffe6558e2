import { readFile } from 'node:fs/promises';
import type { Container } from '../containers/container.js';
import { containerAround, containerPublishing, idAround } from '../containers/find.js';
import { forwarderNamed } from '../locate/forwarders.js';
import { behindPublished } from '../locate/published.js';
import { describe } from '../processes/command-line.js';
import { programOf } from '../processes/program.js';

export interface Contained {
  /** `container web`, or `a container` where its engine does not say which. */
  what: string;
  /** What stops it, if that is known. */
  stop?: string;
}

/** Whether a process belongs to a container, or serves the ports of one. */
export async function containerOf(pid: number, port: number): Promise<Contained | undefined> {
  if (!forwarderNamed((await programOf(pid)).names)?.publishes) return around(pid);
  const { holder } = (await behindPublished(pid).catch(() => undefined)) ?? {};
  const inside = holder?.kind === 'process' ? await around(holder.pid) : undefined;
  if (inside?.stop) return inside;
  const container = await containerPublishing({ port });
  if (container) return named(container);
  const ofDocker = (await programOf(pid)).names.includes('docker-proxy');
  const stop = ofDocker ? { stop: `docker stop $(docker ps -q --filter publish=${port})` } : {};
  return { what: 'a container', ...stop };
}

async function around(pid: number): Promise<Contained | undefined> {
  const [id, own] = [await idAround(pid), await idAround(process.pid)];
  // From inside a container, processes beside leakhunt do not count as being in one.
  if (id !== undefined && id === own) return undefined;
  const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
  if (id === undefined) {
    return /\b(kubepods|cri-containerd|crio|lxc)\b/.test(groups) ? { what: 'a container' } : undefined;
  }
  const container = await containerAround(pid);
  const program = /libpod/.test(groups) ? 'podman' : 'docker';
  return container ? named(container, program) : stopped(id.slice(0, 12), program);
}

function named({ name, engine }: Container, program = /podman/.test(engine.address) ? 'podman' : 'docker') {
  return stopped(name, program);
}

function stopped(name: string, program: string): Contained {
  return { what: `container ${name}`, stop: `${program} stop ${name}` };
}

/** The processes that hold a port, each once: a container has a proxy for each family of addresses. */
export async function holdersInWords(
  pids: readonly number[],
  port: number,
): Promise<{ what: string; contained: Contained | undefined; pid: number }[]> {
  const all = await Promise.all(
    pids.map(async pid => {
      const contained = await containerOf(pid, port);
      const process = await describe(pid);
      return { pid, contained, what: contained ? `${process}, which serves ${contained.what}` : process };
    }),
  );
  const isAgain = ({ contained }: (typeof all)[number], i: number) =>
    contained !== undefined && all.findIndex(each => each.contained?.what === contained.what) < i;
  return all.filter((each, i) => !isAgain(each, i));
}
