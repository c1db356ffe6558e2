import { messageOf, targetError } from '../errors.js';
import { forwarderNamed } from '../target/forwarders.js';
import type { Target } from '../target/locate.js';
import { type ProbeRequest, sources } from './index.js';
import { NotThere, type Probe, type SourceName } from './probe.js';

/** What was looked for on a target: what is there, and for each source that is not, why. */
export interface Discovery {
  probes: Probe[];
  missing: { source: SourceName; why: string }[];
}

/**
 * Opens the probes that `--probe` names. `auto` tries every source on the upload's own origin and on the
 * other ports of the same process; a source named outright must be there. Rejects with exit 4 when none is.
 */
export async function discover(target: Target, requests: readonly ProbeRequest[]): Promise<Discovery> {
  const found: Discovery = { probes: [], missing: [] };
  if (target.stuck && requests.some(asksTheProcess)) throw targetError('ONLY_FORWARDS', target.stuck);
  try {
    for (const request of requests) {
      if (request === 'auto') continue;
      found.probes.push(await open(target, request.source, request.argument));
    }
    if (requests.includes('auto')) await addAuto(target, found);
  } catch (error) {
    await Promise.all(found.probes.map(probe => probe.close?.()));
    throw error;
  }
  if (found.probes.length === 0) throw nothingFound(target, found);
  return found;
}

/** Whether the process that holds the port would be looked at; a source on the upload's own origin is believed. */
function asksTheProcess(request: ProbeRequest): boolean {
  if (request === 'auto') return true;
  return (
    request.argument === undefined &&
    ['pid', 'jcmd', 'cgroup', 'inspector', 'docker'].includes(request.source)
  );
}

async function open(target: Target, source: SourceName, argument?: string): Promise<Probe> {
  try {
    return await sources[source](target, argument);
  } catch (error) {
    if (!(error instanceof NotThere)) throw error;
    throw targetError('NO_SUCH_PROBE', `--probe ${source} finds nothing to read: ${error.message}.`, {
      cause: error,
    });
  }
}

/** Sources that only the user can know of: `auto` does not look for them. What was named comes first, and is believed. */
const askedFor: ReadonlySet<SourceName> = new Set(['json', 'promql', 'dir']);
/** Sources that may be on another port of the process than its uploads. */
const onAnyPort: ReadonlySet<SourceName> = new Set(['pprof', 'expvar', 'actuator', 'prometheus']);

async function addAuto(target: Target, found: Discovery): Promise<void> {
  const names = (Object.keys(sources) as SourceName[]).filter(
    name => !askedFor.has(name) && !found.probes.some(probe => probe.source === name),
  );
  const results = await Promise.all(names.map(name => findOne(target, name)));
  for (const [index, result] of results.entries()) {
    if (typeof result === 'string') found.missing.push({ source: names[index]!, why: result });
    else found.probes.push(result);
  }
}

/** A source on the origin of the uploads or, failing that, on another port of the process; else why not. */
async function findOne(target: Target, name: SourceName): Promise<Probe | string> {
  const others = onAnyPort.has(name) ? otherOrigins(target) : [];
  // What a forwarder answers at an address of its own may be its own metrics, or those of another server.
  const origins = isAnsweredBefore(target) && onAnyPort.has(name) ? others : [undefined, ...others];
  let why = origins.length === 0 ? 'the process behind the forwarder listens on no other port' : '';
  for (const origin of origins) {
    try {
      return await sources[name](target, origin);
    } catch (error) {
      why ||= messageOf(error);
    }
  }
  return why;
}

/** Whether a forwarder may answer in the target's place; the published port of a container does not. */
function isAnsweredBefore({ through = [] }: Target): boolean {
  return through.some(({ name }) => !forwarderNamed([name])?.publishes);
}

function otherOrigins(target: Target): string[] {
  if (target.origins) return target.origins;
  return target.ports
    .filter(port => String(port) !== target.url.port)
    .map(port => `http://127.0.0.1:${port}`);
}

function nothingFound(target: Target, { missing }: Discovery): Error {
  const tried = missing.map(({ source, why }) => `  ${source}: ${why}`).join('\n');
  return targetError(
    'NO_PROBE',
    `Nothing at ${target.url.origin} tells how much memory it holds. Tried:\n${tried}\n` +
      'Give a source: --probe pprof=HOST:PORT, inspector=HOST:9229, pid=PID, prometheus=HOST:PORT/metrics, json=URL#/POINTER or promql=URL?query=...',
  );
}
