import { basename } from 'node:path';
import { routeOf } from '../net/route.js';
import { dialOptionsTo, type UploadConnection } from '../net/uploads.js';
import type { Target } from '../target/locate/locate.js';
import { type Identity, identitiesOf } from '../target/processes/identity.js';
import { pidsListeningOn } from '../target/processes/listening.js';
import { descriptors, portsOf, processes, treeOf } from '../target/processes/procfs.js';
import { commandOf } from '../target/processes/program.js';
import { type Runtime, runtimeOf } from '../target/processes/runtime.js';
import { pidsListeningAt } from '../target/processes/unix-sockets.js';
import { belonging, type Claim, fits } from './belongs.js';
import type { Probe } from './probe.js';

const runtimeTitles: Partial<Record<Runtime, string>> = {
  go: 'a Go program',
  node: 'Node',
  java: 'a JVM',
  python: 'Python',
};

/** Whose a source is and, if it is not the target's, why it is taken for another's. */
interface EndpointOwner {
  kind: 'own' | 'another' | 'unknown';
  why?: string;
}

const own: EndpointOwner = { kind: 'own' };

/**
 * Whose a source is. One that does not say must be served by the target itself; if the target's process
 * cannot be seen, nothing can be checked, and the source is taken for the target's.
 */
export async function ownerOf(target: Target, probe: Probe): Promise<EndpointOwner> {
  if (target.pid === undefined || !probe.claim) return own;
  const tree = await treeOf(target.pid);
  const claim = await probe.claim().catch((): Claim => ({}));
  const known = await identitiesOf(tree);
  const fitting = (await identitiesOf(await strangersTo(tree))).filter(each => fits(claim, each));
  const serving = await Promise.all(fitting.map(({ pid }) => mayServe(pid)));
  const whose = belonging(
    claim,
    known,
    fitting.filter((_, i) => serving[i]),
  );
  if (whose === 'own') return own;
  if (typeof whose === 'object') {
    const name = nameOf(claim, whose.another ?? fitting[0]);
    return { kind: 'another', why: `${probe.endpoint} reports on ${name}, not on this process` };
  }
  if (known.length > 0 && (await isOtherRuntime(claim, tree, target))) {
    const program = runtimeTitles[claim.runtime!] ?? claim.runtime;
    return { kind: 'another', why: `${probe.endpoint} reports on ${program}, which is not this process` };
  }
  if (await isServedBy(tree, probe, target.via)) return own;
  return {
    kind: 'unknown',
    why: `${probe.endpoint} does not say which process it reports on, and this one does not listen there`,
  };
}

/** Processes that are neither the target's nor started it. */
async function strangersTo(tree: readonly number[]): Promise<number[]> {
  const all = await processes();
  const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const related = new Set(tree);
  for (let at = parents.get(tree[0]!); at; at = parents.get(at)) related.add(at);
  return all.flatMap(({ pid, state }) => (related.has(pid) || state === 'Z' ? [] : pid));
}

/** Whether a process listens; one of another user may. */
async function mayServe(pid: number): Promise<boolean> {
  const isVisible = await descriptors(pid).then(
    () => true,
    () => false,
  );
  return !isVisible || (await portsOf(pid)).length > 0;
}

async function isOtherRuntime({ runtime }: Claim, tree: readonly number[], target: Target): Promise<boolean> {
  if (runtime === undefined) return false;
  const found = await Promise.all(tree.map(runtimeOf));
  // Go leaves its mark in every program; other runtimes may run under another name.
  return !found.includes(runtime) && (target.runtime !== undefined || runtime === 'go');
}

async function isServedBy(
  tree: readonly number[],
  { endpoint }: Probe,
  via: UploadConnection | undefined,
): Promise<boolean> {
  if (!URL.canParse(endpoint)) return false;
  const url = new URL(endpoint);
  const route = routeOf(url, dialOptionsTo(url, via));
  const looking =
    'path' in route
      ? pidsListeningAt(route.path)
      : pidsListeningOn(route.proxy ? route.beyond.port : route.port);
  const holders = await looking.catch(() => []);
  return holders.some(pid => tree.includes(pid));
}

/** `"other-app -x" (pid 12)` */
function nameOf({ command, pid, started = [] }: Claim, process: Identity | undefined): string {
  const [program = '', ...args] = (process?.command ?? command ?? '').split('\0');
  const id = process?.pid ?? pid;
  if (program !== '') {
    return `"${commandOf(basename(program), args)}"${id === undefined ? '' : ` (pid ${id})`}`;
  }
  if (id !== undefined) return `process ${id}`;
  const times = started.map(each => new Date(each * 1000).toISOString().replace(/\.\d+Z$/, 'Z'));
  return `a process that started at ${times.join(' and ')}`;
}
