import { messageOf } from '../errors.js';
import type { ProfileFormat } from '../probes/probe.js';
import { type ResourceName, resources } from '../probes/resources.js';
import type { Frame } from '../profiles/frame.js';
import { creatorsOf, goGoroutines } from '../profiles/go/goroutines.js';
import type { Culprit } from '../record/record.js';
import { churnSites } from '../verdict/culprits/churn-sites.js';
import { type Explained, explainedBy, growingSites } from '../verdict/culprits/culprits.js';
import { originOf, withInferredOrigins } from '../verdict/culprits/origins.js';
import type { Finding } from '../verdict/finding.js';
import type { Investigation } from './investigation.js';
import type { Experiment, Setting } from './measured.js';
import { raceAbort } from './race-abort.js';
import { retainedClasses } from './snapshots.js';
import { tracedSites } from './traces.js';

/** Names the sites that make up each leak, and asks the target for what is too expensive after each reading. */
export async function investigate(
  findings: readonly Finding[],
  experiment: Experiment,
  setting: Setting,
): Promise<Investigation> {
  const { profiles: log } = experiment;
  const found: Culprit[] = [];
  const explained: Explained[] = [];
  for (const { series, verdict, perUpload } of surestFirst(findings)) {
    if (verdict !== 'leak' || log.table.uploadsOf(series.name).length === 0) continue;
    const sites = growingSites(log.table, series.name, perUpload.estimate);
    explained.push(explainedBy(sites, series.name, perUpload.estimate));
    found.push(...sites.map(site => ({ ...site, source: log.sources.get(series.name)! })));
  }
  const classes = await retainedClasses(findings, experiment, setting);
  const withOrigin = await withOrigins(withInstances(found), log, setting);
  const byTraces = await tracedSites(findings, experiment, setting);
  const better = bestTold([...explained.map(each => betterTold(each, classes)), ...byTraces.explained]);
  // A line of code says more than the kind of file that it opens.
  const culprits = [...byTraces.culprits, ...withOrigin, ...classes];
  return { culprits, explained: better, churn: churnSites(log.table) };
}

/** Two views of one growth: what counts is the one that tells more of it. */
function bestTold(all: readonly Explained[]): Explained[] {
  return all.filter(({ resource, share }, i) =>
    all.every(
      (other, j) => other.resource !== resource || other.share < share || (other.share === share && j >= i),
    ),
  );
}

/** Call sites and classes are two views of one growth: what counts is the one that tells more of it. */
function betterTold(sites: Explained, classes: readonly Culprit[]): Explained {
  const own = classes.filter(({ resource }) => resource === sites.resource);
  const share = own.reduce((sum, each) => sum + each.share, 0);
  if (share <= sites.share) return sites;
  const growth = sites.share < 1 ? sites.unexplained / (1 - sites.share) : 0;
  return { ...sites, share, unexplained: growth * (1 - share) };
}

/** What leaks, the surest first. */
export function leaksIn(findings: readonly Finding[]): ResourceName[] {
  return surestFirst(findings).flatMap(({ verdict, series }) => (verdict === 'leak' ? series.name : []));
}

/** A whole number of things per upload says more than bytes, which allocators round and profiles sample. */
function surestFirst(findings: readonly Finding[]): Finding[] {
  const whole = ({ reason, series }: Finding) => Number(reason === 'whole-number' && series.unit === 'count');
  return findings.toSorted((a, b) => whole(b) - whole(a));
}

/** The objects beside the bytes, where both are known of the same site. */
function withInstances(culprits: Culprit[]): Culprit[] {
  return culprits.map(culprit => {
    const counted = culprits.find(
      each => resources[each.resource].counts === culprit.resource && sameSite(each, culprit),
    );
    return counted ? { ...culprit, instances: counted.perUpload } : culprit;
  });
}

function sameSite(a: Culprit, b: Culprit): boolean {
  return a.site.function === b.site.function && a.site.file === b.site.file && a.site.line === b.site.line;
}

/** Goroutines with who started them: only a dump of every one of them tells. */
async function withOrigins(
  culprits: Culprit[],
  { table, unread }: Experiment['profiles'],
  { reader, signal }: Setting,
): Promise<Culprit[]> {
  if (!culprits.some(({ kind }) => kind === 'goroutines') || signal?.aborted) return culprits;
  const dumps = await raceAbort(reader.profile('dump'), signal);
  if (!dumps) return culprits;
  const bytesOf = (wanted: ProfileFormat) => dumps.find(({ format }) => format === wanted)?.bytes;
  try {
    const creatorOf = creatorsOf(bytesOf('go-goroutine-dump') ?? '');
    const leaked = bytesOf('go-goroutine-leak');
    const proven = new Set(
      leaked && goGoroutines(leaked).flatMap(({ rows }) => rows.map(row => textOf(row.stack))),
    );
    const traced = culprits.map(culprit =>
      culprit.kind === 'goroutines'
        ? {
            ...culprit,
            ...originOf(culprit.stack, creatorOf, table),
            ...(proven.has(textOf(culprit.stack)) ? { provenLeaked: true } : {}),
          }
        : culprit,
    );
    return withInferredOrigins(traced);
  } catch (error) {
    for (const { source } of dumps) unread.set(source, messageOf(error));
    return culprits;
  }
}

function textOf(stack: readonly Frame[]): string {
  return stack.map(({ function: name, file, line }) => `${name} ${file}:${line}`).join('\n');
}
