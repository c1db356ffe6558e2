import { readdir, readFile } from 'node:fs/promises';
import { formatBytes } from '../../units.js';
import { parentOf } from '../processes/procfs.js';
import { ask, askText, type Engine, type EngineAnswer } from './engine.js';

/** A container as its engine describes it (`GET /containers/{id}/json`). */
export interface Container {
  engine: Engine;
  id: string;
  name: string;
  running: boolean;
  /** The id of its first process, on the engine's machine. */
  pid?: number;
  /** When it was last started; together with the id, this identifies one run of it. */
  startedAt: string;
  /** Whether it last ended because the kernel killed it for lack of memory. */
  outOfMemory: boolean;
  exitCode?: number;
  /** Bytes that it may use; absent if there is no limit. */
  memory?: number;
}

/** Whether a text has the form of a container's id, which is 64 hexadecimal digits. */
const wholeId = /^[0-9a-f]{64}$/;

/** A container by its name, its id or the beginning of it; undefined if the engine has none. */
export async function inspect(engine: Engine, name: string): Promise<Container | undefined> {
  const { status, body } = await ask(engine, `/containers/${encodeURIComponent(name)}/json`);
  if (status === 404) return undefined;
  if (status !== 200) throw new Error(`${engine.address} answered ${status}`);
  const container = containerIn(body, engine);
  if (!container) throw new Error(`${engine.address} returned no description of a container`);
  return container;
}

/** The description of a container in an engine's response; undefined if there is none. */
export function containerIn(body: unknown, engine: Engine): Container | undefined {
  const id = at(body, 'Id');
  const startedAt = at(body, 'State', 'StartedAt');
  if (typeof id !== 'string' || !wholeId.test(id) || typeof startedAt !== 'string') return undefined;
  const name = at(body, 'Name');
  return {
    engine,
    id,
    name: typeof name === 'string' ? nameOf(name) : id.slice(0, 12),
    running: at(body, 'State', 'Running') === true,
    pid: amount(at(body, 'State', 'Pid')) || undefined,
    startedAt,
    outOfMemory: at(body, 'State', 'OOMKilled') === true,
    exitCode: amount(at(body, 'State', 'ExitCode')),
    memory: amount(at(body, 'HostConfig', 'Memory')) || undefined,
  };
}

/**
 * Docker writes names with a slash in front. A name is shown as part of a command: only permitted characters
 * are kept.
 */
export function nameOf(text: string): string {
  return text
    .replace(/^\//, '')
    .replace(/[^\w.-]/g, '?')
    .slice(0, 80);
}

/** A value inside a response, which may be anything. */
export function at(value: EngineAnswer['body'], ...path: string[]): unknown {
  let found: unknown = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}

export function amount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/**
 * The first process of a container, if this machine's /proc shows it and lets it be read: on another machine,
 * its number may be anybody's here.
 */
export async function processOf({ id, pid, running }: Container): Promise<number | undefined> {
  if (process.platform !== 'linux' || !running || pid === undefined) return undefined;
  const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
  if (!groups.includes(id) && !(await keeperNames(pid, id))) return undefined;
  return (await readdir(`/proc/${pid}/fd`).catch(() => undefined)) && pid;
}

/**
 * Without cgroups: conmon and containerd's shim, the parents of containers, have the id among their
 * arguments.
 */
async function keeperNames(pid: number, id: string): Promise<boolean> {
  const parent = await parentOf(pid).catch(() => 0);
  return (await readFile(`/proc/${parent}/cmdline`, 'utf8').catch(() => '')).split('\0').includes(id);
}

/**
 * Whether the kernel killed a container that has been removed, as `--rm` does at its end: by the events that
 * its engine still has of it (`GET /events`).
 */
export async function ranOutOfMemory({ engine, id, startedAt }: Container): Promise<boolean> {
  const filters = encodeURIComponent(JSON.stringify({ container: [id], event: ['oom', 'die'] }));
  const [since, until] = [Date.parse(startedAt), Date.now()].map(ms => Math.floor(ms / 1000));
  const { text } = await askText(
    engine,
    `/events?since=${since || 0}&until=${until! + 1}&filters=${filters}`,
  );
  return /"Action":"oom"/.test(text) && /"exitCode":"137"/.test(text);
}

/** How a container ended since it was described; undefined if it still runs. */
export function endOf(before: Container, now: Container | undefined): string | undefined {
  const named = `container ${before.name}`;
  if (!now) return `${named} was removed`;
  if (now.running && now.startedAt === before.startedAt) return undefined;
  const again = now.running ? ', and was restarted' : '';
  if (now.outOfMemory) {
    const limit = before.memory === undefined ? '' : ` at ${formatBytes(before.memory)}`;
    return `${named} was killed by the kernel: out of memory${limit}${again}`;
  }
  // Its exit state is that of its last run only.
  const code = now.running || now.exitCode === undefined ? '' : ` with status ${now.exitCode}`;
  return now.running ? `${named} was restarted` : `${named} ended${code}`;
}
