import { messageOf, targetError } from '../errors.js';
import type { Target } from '../target/locate/locate.js';
import { treeOf } from '../target/processes/procfs.js';
import { runtimeOf } from '../target/processes/runtime.js';
import { sources } from './catalogue.js';
import type { ProbeRequest } from './index.js';
import { placesOf, portOf } from './places.js';
import {
  type Probe,
  type SourceAddress,
  SourceKeptOut,
  type SourceName,
  SourceUnavailable,
} from './probe.js';
import { ownerOf } from './proof.js';

/**
 * A source that a target does not have, and why; `another`: there is one, but it belongs to another process.
 */
export interface Missing {
  source: SourceName;
  why: string;
  another?: true;
  /** The target keeps it out by the way it was started. */
  keptOut?: true;
}

/** The result of the search on a target: the probes found, and for each missing source, why. */
export interface Discovery {
  probes: Probe[];
  missing: Missing[];
}

/**
 * Opens the probes that `--probe` names. `auto` tries every source on the upload's own origin and on the
 * other ports of the same process, and leaves out those of other processes; a source that the user named must
 * exist, and is believed if its address was given. Rejects with exit 4 if there is none.
 */
export async function discover(target: Target, requests: readonly ProbeRequest[]): Promise<Discovery> {
  const found: Discovery = { probes: [], missing: [] };
  if (target.stuck && requests.some(asksTheProcess)) throw targetError('ONLY_FORWARDS', target.stuck);
  try {
    for (const request of requests) {
      if (request === 'auto') continue;
      found.probes.push(...(await open(target, request.source, request.argument)));
    }
    if (requests.includes('auto')) await addAuto(target, found);
    if (found.probes.length === 0) throw nothingFound(target, found);
    await countUnread(target, found.probes);
  } catch (error) {
    await Promise.all(found.probes.map(probe => probe.close?.()));
    throw error;
  }
  return found;
}

/** Whether the process that holds the port would be read; a source on the upload's own origin is believed. */
function asksTheProcess(request: ProbeRequest): boolean {
  if (request === 'auto') return true;
  return request.argument === undefined && sources[request.source]?.ofProcess === true;
}

async function open(target: Target, source: SourceName, argument?: string): Promise<Probe[]> {
  if (argument === undefined) {
    const found = await find(target, source);
    if (Array.isArray(found)) return found;
    throw notFound(source, found.why);
  }
  try {
    const probe = await sources[source]!.open(target, argument);
    const owner = await ownerOf(target, probe);
    const isAnother = owner.kind === 'another';
    if (isAnother) probe.doubt = `${owner.why}: it is read anyway, because you named it.`;
    return [probe];
  } catch (error) {
    throw error instanceof SourceUnavailable ? notFound(source, error.message, error) : error;
  }
}

function notFound(source: SourceName, why: string, cause?: Error): Error {
  return targetError('NO_SUCH_PROBE', `--probe ${source} found nothing to read: ${why}.`, { cause });
}

async function addAuto(target: Target, found: Discovery): Promise<void> {
  const names = Object.keys(sources).filter(
    name => sources[name]!.auto && !found.probes.some(probe => probe.source === name),
  );
  for (const result of await Promise.all(names.map(name => find(target, name)))) {
    if (Array.isArray(result)) found.probes.push(...result);
    else found.missing.push(result);
  }
}

/** The target's source at the first place that has one, or at all of them; else why there is none. */
async function find(target: Target, source: SourceName): Promise<Probe[] | Missing> {
  const probes: Probe[] = [];
  let missing: Missing | undefined;
  for (const place of await placesOf(target, source)) {
    const result = await tryPlace(target, source, place);
    if (!('why' in result)) probes.push(result);
    // A source of another process is better to report than that there is none elsewhere.
    else if (!missing || (result.another && !missing.another)) missing = result;
    if (probes.length > 0 && !sources[source]?.ports?.each) break;
  }
  return probes.length > 0 ? probes : (missing ?? { source, why: 'the process does not listen on any port' });
}

async function tryPlace(target: Target, source: SourceName, place: SourceAddress): Promise<Probe | Missing> {
  let probe: Probe;
  try {
    probe = await sources[source]!.open(target, place.argument);
  } catch (error) {
    return { source, why: messageOf(error), ...(error instanceof SourceKeptOut && { keptOut: true }) };
  }
  const owner = await ownerOf(target, probe);
  const { doubt, why = owner.why } = place.guessed
    ? await guessOf(probe, portOf(target.url), place.guessed)
    : {};
  if (why === undefined) {
    if (doubt !== undefined) probe.doubt = doubt;
    return probe;
  }
  await probe.close?.();
  return { source, why, another: true };
}

/** Whether a guessed source is the target's: for certain if it listens where the uploads go. */
async function guessOf(
  { claim, endpoint }: Probe,
  port: number,
  where: SourceAddress['guessed'],
): Promise<{ doubt?: string; why?: string }> {
  const { ports } = (await claim?.().catch(() => undefined)) ?? {};
  if (ports?.includes(port)) return {};
  if (ports && where === 'here')
    return { why: `${endpoint} reports on a process that does not listen on port ${port}` };
  return {
    doubt: `${endpoint} was used because the target's process is not visible, and may not belong to the target: name the right source with --probe.`,
  };
}

/**
 * How many of the target's processes have a heap that a source does not read, although it reads another's.
 */
async function countUnread({ pid }: Target, probes: Probe[]): Promise<void> {
  const runtimes = pid === undefined ? [] : await Promise.all((await treeOf(pid)).map(runtimeOf));
  for (const [source, { runtime }] of Object.entries(sources)) {
    if (runtime === undefined) continue;
    const reading = probes.filter(probe => probe.source === source);
    if (reading.length === 0) continue;
    const there = runtimes.filter(each => each === runtime).length || (await toldBy(reading));
    const unread = there - reading.length;
    if (unread > 0) for (const probe of reading) probe.unread = unread;
  }
}

/** If the processes cannot be seen: those that the sources know of. */
async function toldBy(reading: readonly Probe[]): Promise<number> {
  const claims = await Promise.all(reading.map(({ claim }) => claim?.().catch(() => undefined)));
  return Math.max(...claims.map(claim => 1 + (claim?.workers ?? 0)));
}

function nothingFound(target: Target, { missing }: Discovery): Error {
  const examples = Object.values(sources).flatMap(({ example }) => example ?? []);
  const tried = missing.map(({ source, why }) => `  ${source}: ${why}`).join('\n');
  return targetError(
    'NO_PROBE',
    `Nothing at ${target.url.origin} reports how much memory it uses. Tried:\n${tried}\n` +
      `Name a source: --probe ${examples.slice(0, -1).join(', ')} or ${examples.at(-1)}`,
  );
}
