import { LeakhuntError, messageOf } from '../errors.js';
import type { Probe } from '../probes/probe.js';
import { isMemory } from '../probes/resource-questions.js';
import { type ResourceName, resources } from '../probes/resources.js';
import { SiteHistory } from '../profiles/history.js';
import { profilesIn } from '../profiles/index.js';
import type { Culprit } from '../record/record.js';
import { type Explained, explainedBy, growingSites } from '../verdict/culprits/culprits.js';
import { type Finding, surestFirst } from '../verdict/finding.js';
import type { Experiment, Setting } from './measured.js';
import { raceAbort } from './race-abort.js';
import { runOneRound } from './round-run.js';

/** Rounds between the first profile and the last: a slope's error with so many sites to tell it of takes six points. */
const rounds = 5;
/** Only the sites that grow most are asked what keeps that which they made. */
const mostPaths = 8;

/** Call sites by a target's own traces, and how much of each leak they tell. */
export interface TracedSites {
  culprits: Culprit[];
  explained: Explained[];
}

const nothing: TracedSites = { culprits: [], explained: [] };

type Tracer = Probe & Required<Pick<Probe, 'tracing'>>;

/**
 * Who makes what leaks, where a target can trace that: it is told to once a leak was found, since tracing slows it. One
 * round of uploads warms up and is left out: what is made once is no growth. Empty where there is nothing to ask.
 */
export async function tracedSites(
  findings: readonly Finding[],
  experiment: Experiment,
  setting: Setting,
): Promise<TracedSites> {
  const tracers = setting.reader.tracers;
  const done = experiment.end === 'decided' || experiment.end === 'rounds-done';
  const leaks = leaksToTell(findings);
  if (tracers.length === 0 || !setting.plan.snapshots || !done || leaks.length === 0) return nothing;
  try {
    const table = await raceAbort(historyOf(tracers, experiment, setting), setting.signal);
    if (!table || setting.signal?.aborted) return nothing;
    const sites = leaks.flatMap(leak => culpritsOf(leak, table, tracers[0]!));
    return {
      culprits: await withKeepers(sites, tracers),
      explained: leaks.map(({ series, perUpload }) => {
        const own = sites.filter(({ resource }) => resource === series.name);
        return explainedBy(own, series.name, perUpload.estimate);
      }),
    };
  } catch (error) {
    if (!(error instanceof LeakhuntError)) throw error;
    for (const { source } of tracers) experiment.profiles.unread.set(source, messageOf(error));
    return nothing;
  } finally {
    await Promise.all(tracers.map(({ tracing }) => tracing.end().catch(() => {})));
  }
}

/** Leaks that rest on something by themselves; bytes stand for the objects that they are made of. */
function leaksToTell(findings: readonly Finding[]): Finding[] {
  const leaks = surestFirst(findings).filter(({ verdict, decisive }) => verdict === 'leak' && decisive);
  const hasBytes = leaks.some(({ series }) => isMemory(series.name) && series.unit === 'bytes');
  return leaks.filter(({ series }) => !(hasBytes && resources[series.name].counts));
}

async function historyOf(
  tracers: readonly Tracer[],
  { rounds: done }: Experiment,
  setting: Setting,
): Promise<SiteHistory> {
  const { emit, signal } = setting;
  const table = new SiteHistory();
  let uploads = 0;
  await Promise.all(tracers.map(({ tracing }) => tracing.begin()));
  for (let i = 0; i <= rounds && !signal?.aborted; i += 1) {
    emit({ type: 'round', kind: 'snapshot', round: i, mostRounds: rounds });
    const { completed } = await runOneRound(done, setting);
    if (i === 0) await Promise.all(tracers.map(({ tracing }) => tracing.forget()));
    else uploads += completed;
    const raw = await Promise.all(tracers.map(({ tracing }) => tracing.profile()));
    table.add(uploads, raw.flat().flatMap(profilesIn));
  }
  return table;
}

function culpritsOf({ series, perUpload }: Finding, table: SiteHistory, { source }: Tracer): Culprit[] {
  const sites = growingSites(table, series.name, perUpload.estimate);
  const counter = counterOf(series.name);
  const objects = counter === undefined ? [] : growingSites(table, counter, 1);
  return sites.map(each => {
    const counted = objects.find(
      ({ site }) =>
        site.function === each.site.function && site.file === each.site.file && site.line === each.site.line,
    );
    return { ...each, source, ...(counted && { instances: counted.perUpload }) };
  });
}

/** What counts the objects that bytes of memory are made of. */
function counterOf(name: ResourceName): ResourceName | undefined {
  if (!isMemory(name) || resources[name].unit !== 'bytes') return undefined;
  return (Object.keys(resources) as ResourceName[]).find(each => resources[each].counts !== undefined);
}

/** What keeps that which the first sites have made; of several processes the first that knows. */
async function withKeepers(sites: readonly Culprit[], tracers: readonly Tracer[]): Promise<Culprit[]> {
  const asked = sites
    .slice(0, mostPaths)
    .filter(({ site }) => site.file !== undefined && site.line !== undefined);
  if (asked.length === 0) return [...sites];
  const places = asked.map(({ site }) => [site.file!, site.line!] as [string, number]);
  const paths = await Promise.all(tracers.map(({ tracing }) => tracing.keepers(places).catch(() => [])));
  return sites.map(each => {
    const index = asked.indexOf(each);
    const path = index < 0 ? undefined : paths.map(list => list[index]).find(Boolean);
    return path ? { ...each, retainedBy: path } : each;
  });
}
