import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../errors.js';
import {
  amount,
  at,
  type Container,
  endOf,
  inspect,
  processOf,
  ranOutOfMemory,
} from '../../target/containers/container.js';
import { ask } from '../../target/containers/engine.js';
import { containerAround, containerNamed } from '../../target/containers/find.js';
import type { Target } from '../../target/locate/locate.js';
import {
  noProcess,
  orNotThere,
  type Probe,
  probeError,
  type Sample,
  type Source,
  SourceUnavailable,
} from '../probe.js';
import { pid as pidProbe } from './pid.js';

export const dockerSource: Source = {
  open: docker,
  auto: true,
  ofProcess: true,
  names: 'container',
  wanting: '--probe docker needs a container: write docker=NAME, or auto to find it.',
};

/**
 * A container of Docker or podman: its memory limit, and how it ended. Its usage is read from its process if
 * /proc shows that, and else from the engine's statistics; if the container was not named, the `pid` source
 * reads the process.
 */
export async function docker(target: Target, argument?: string): Promise<Probe> {
  const container =
    argument === undefined ? await containerOf(target) : await orNotThere(containerNamed(argument));
  const endpoint = `container ${container.name} at ${container.engine.address}`;
  const process = await processOf(container);
  const exitReport = () => exitReportOf(container);
  if (process === undefined) {
    const read = () =>
      statsOf(container).catch(error => {
        throw probeError('docker', `${messageOf(error)}.`, error);
      });
    await orNotThere(statsOf(container));
    const cpuSeconds = async () => cpuSecondsIn(await askStats(container));
    return { source: 'docker', endpoint: `${endpoint}, its statistics`, read, cpuSeconds, exitReport };
  }
  if (argument === undefined) return { source: 'docker', endpoint, read: () => still(container), exitReport };
  const inner = await pidProbe(target, String(process));
  const read = async (again?: boolean) => ({ ...(await inner.read(again)), limit: container.memory });
  return { ...inner, source: 'docker', endpoint: `${endpoint}, ${inner.endpoint}`, read, exitReport };
}

async function containerOf(target: Target): Promise<Container> {
  if (target.container) return target.container;
  if (target.pid === undefined) throw noProcess(target);
  const container = await containerAround(target.pid);
  if (container) return container;
  throw new SourceUnavailable(`process ${target.pid} is not in a container of any engine that responds`);
}

/** What is known about a container whose process is read separately. */
async function still({ memory }: Container): Promise<Sample> {
  return { values: {}, limit: memory };
}

/** How long an engine may take to notice that a container has ended (ms). */
const noticing = 1_000;

async function exitReportOf(container: Container): Promise<string | undefined> {
  for (const deadline = performance.now() + noticing; ; await sleep(50)) {
    const now = await inspect(container.engine, container.id);
    const killed = !now && (await ranOutOfMemory(container).catch(() => false));
    const end = endOf(container, killed ? { ...container, running: false, outOfMemory: true } : now);
    if (end !== undefined) return `${end}.`;
    if (performance.now() > deadline) return undefined;
  }
}

/** One sample of a container from outside. */
async function statsOf(container: Container): Promise<Sample> {
  const now = await inspect(container.engine, container.id);
  const end = endOf(container, now);
  if (!now?.running) throw new Error(end ?? `container ${container.name} is not running`);
  return {
    ...sampleOf(await askStats(container)),
    identity: now.startedAt,
    limit: container.memory,
  };
}

/** Without `one-shot` the engine waits a second for a second sample. */
async function askStats({ engine, id }: Container): Promise<unknown> {
  const { status, body } = await ask(engine, `/containers/${id}/stats?stream=false&one-shot=true`);
  if (status !== 200) throw new Error(`${engine.address} answered ${status}`);
  return body;
}

function cpuSecondsIn(body: unknown): number {
  const nanoseconds = amount(at(body, 'cpu_stats', 'cpu_usage', 'total_usage'));
  if (nanoseconds === undefined) throw new Error('the statistics of its engine do not include CPU time');
  return nanoseconds / 1e9;
}

/**
 * `memory_stats.stats` is the container's memory.stat: with `anon` and `shmem` for cgroup v2, with
 * `total_rss`, its anonymous memory, for v1. `usage` beside it is no measure: it includes the page cache.
 */
export function sampleOf(body: unknown): Sample {
  const memory = (name: string) => amount(at(body, 'memory_stats', 'stats', name));
  const anon = memory('anon') ?? memory('total_rss');
  if (anon === undefined) {
    throw new Error('the statistics of its engine do not separate anonymous memory from the page cache');
  }
  const values = {
    anon,
    shmem: memory('shmem') ?? memory('total_shmem'),
    // The kernel's `pids` controller counts every thread.
    threads: amount(at(body, 'pids_stats', 'current')),
  };
  return { values, peak: amount(at(body, 'memory_stats', 'max_usage')) };
}
