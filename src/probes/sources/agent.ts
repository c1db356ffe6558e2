import { resolve } from 'node:path';
import { messageOf } from '../../errors.js';
import type { Target } from '../../target/locate/locate.js';
import {
  type Probe,
  probeError,
  type RawProfile,
  type Sample,
  type Source,
  SourceUnavailable,
} from '../probe.js';
import { askAgent } from './agent-socket.js';
import { agentSockets, whyNoAgent } from './agent-sockets.js';

export const agentSource: Source = {
  open: agent,
  auto: true,
  example: 'agent=SOCKET',
  collects: true,
  runtime: 'python',
  ofProcess: true,
  ports: { each: true },
  advice: {
    python: {
      sentence:
        'Let leakhunt start it (--start) with PYTHONTRACEMALLOC=1 in its environment, which slows it.',
      todo: 'let leakhunt start it (--start), to have its objects counted and their call sites named',
    },
  },
  async places(target) {
    const paths = await agentSockets(target);
    return paths.length > 0 ? paths.map(argument => ({ argument })) : [{}];
  },
};

const MiB = 2 ** 20;
/** The first answer comes from a process that has nothing else to do yet. */
const hello = { time: 5_000, size: 2 ** 16 };
/** A collection of a large heap takes seconds on a busy machine. */
const reading = { time: 30_000, size: MiB };
/** Snapshots hold Python's lock for as long as they take. */
const tracing = { time: 60_000, size: 64 * MiB };
/** Of each kind: what is left out is small. */
const mostSites = 500;

/** A process through the agent in it: allocated blocks and tasks after a collection, and who made them, once asked to trace. */
export async function agent(target: Target, argument?: string): Promise<Probe> {
  if (argument === undefined) throw await whyNoAgent(target);
  const path = resolve(argument);
  const greeting = await askAgent(path, { do: 'hello' }, hello).catch(notThere);
  if (greeting.runtime !== 'python' || !isAmount(greeting.agent) || !isAmount(greeting.pid))
    throw new SourceUnavailable(`what listens on ${path} is no agent of leakhunt`);
  const { pid, started } = greeting as { pid: number; started?: unknown };
  if (greeting.agent !== 1)
    throw new SourceUnavailable(`the agent at ${path} is of another version of leakhunt`);
  const first = await askAgent(path, { do: 'read' }, reading).then(sampleOf).catch(notThere);
  const ask = (request: object, limits = tracing) =>
    askAgent(path, request, limits).catch(error => {
      throw probeError('agent', `${messageOf(error)}.`, error);
    });
  if (first.values['heap-objects'] === undefined)
    throw new SourceUnavailable(`the Python of process ${pid} does not count its blocks`);

  return {
    source: 'agent',
    endpoint: isOfHunt(path) ? `process ${pid}` : path,
    claim: async () => ({ runtime: 'python', pid, ...(isAmount(started) && { started: [started] }) }),
    read: async () => sampleOf(await ask({ do: 'read' }, reading)),
    tracing: {
      begin: async () => void (await ask({ do: 'trace', what: 'on' })),
      forget: async () => void (await ask({ do: 'trace', what: 'clear' })),
      end: async () => void (await ask({ do: 'trace', what: 'off' })),
      profile: async (): Promise<RawProfile[]> => {
        const sites = await ask({ do: 'sites', most: mostSites });
        return [{ format: 'python-sites', bytes: Buffer.from(JSON.stringify(sites)) }];
      },
      keepers: async places => {
        const { kept } = await ask({ do: 'kept-by', places });
        return places.map((_, i) => pathIn(Array.isArray(kept) ? kept[i] : undefined));
      },
    },
  };
}

/** Whether it lies in the folder of a hunt, which no other hunt will have. */
function isOfHunt(path: string): boolean {
  return /\/leakhunt-agents-[^/]+\/[^/]+$/.test(path);
}

function notThere(error: unknown): never {
  throw new SourceUnavailable(messageOf(error));
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Bytes are known only while Python traces its allocations, as `PYTHONTRACEMALLOC=1` has it do from the beginning. */
function sampleOf({ pid, blocks, tasks, traced }: Record<string, unknown>): Sample {
  return {
    values: {
      ...(isAmount(blocks) && blocks > 0 && { 'heap-objects': blocks }),
      ...(isAmount(tasks) && { tasks }),
      ...(isAmount(traced) && { heap: traced }),
    },
    ...(isAmount(pid) && { identity: String(pid) }),
  };
}

const mostSteps = 12;

function pathIn(answer: unknown): string[] | undefined {
  const path = (answer as { path?: unknown } | undefined)?.path;
  if (!Array.isArray(path) || path.length === 0 || path.length > mostSteps) return undefined;
  return path.every(step => typeof step === 'string') ? path : undefined;
}
