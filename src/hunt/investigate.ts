import { messageOf } from '../errors.js';
import type { ProfileFormat } from '../probes/probe.js';
import { filesCounted, filesWeighed } from '../probes/resource-questions.js';
import { type ResourceName, resources } from '../probes/resources.js';
import type { Frame } from '../profiles/frame.js';
import { creatorsOf, goGoroutines } from '../profiles/go/goroutines.js';
import type { Culprit } from '../record/record.js';
import { churnSites } from '../verdict/culprits/churn-sites.js';
import {
  type Explained,
  explainedBy,
  growingSites,
  growthAt,
  leastShare,
} from '../verdict/culprits/culprits.js';
import { byGoStatement, scaled } from '../verdict/culprits/goroutine-memory.js';
import { originsOf, withInferredOrigins } from '../verdict/culprits/origins.js';
import { type Finding, surestFirst } from '../verdict/finding.js';
import type { Investigation } from './investigation.js';
import type { Experiment, Setting } from './measured.js';
import { raceAbort } from './race-abort.js';
import { recordedSites } from './recorded-sites.js';
import { retainedClasses } from './snapshots.js';
import { tracedSites } from './traces.js';

/**
 * Names the sites that make up each leak, and asks the target for what is too expensive to ask after each
 * reading.
 */
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
    const source = log.sources.get(series.name)!;
    const finer = setting.reader.finer(source);
    const told = explainedBy(sites, series.name, perUpload.estimate);
    explained.push(finer && sites.some(({ kind }) => kind === 'call-site') ? { ...told, finer } : told);
    found.push(...sites.map(site => ({ ...site, source })));
  }
  const classes = await retainedClasses(findings, experiment, setting);
  const recorded = await recordedSites(findings, found, experiment, setting);
  const withOrigin = await withOrigins(withBytes(withInstances(found), log), log, setting);
  const byTraces = await tracedSites(findings, experiment, setting);
  const better = bestTold([
    ...explained.map(each => betterTold(betterTold(each, classes), recorded)),
    ...byTraces.explained,
  ]);
  // A line of code says more than the kind of file that it opens.
  const culprits = [...recorded, ...byTraces.culprits, ...withOrigin, ...classes];
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

/** Call sites, classes and names are views of one growth: what counts is the one that tells most of it. */
function betterTold(sites: Explained, others: readonly Culprit[]): Explained {
  const own = others.filter(({ resource }) => resource === sites.resource);
  const share = own.reduce((sum, each) => sum + each.share, 0);
  if (share <= sites.share) return sites;
  const growth = sites.share < 1 ? sites.unexplained / (1 - sites.share) : 0;
  return { ...sites, share, unexplained: growth * (1 - share) };
}

/** The leaks, the surest first. */
export function leaksIn(findings: readonly Finding[]): ResourceName[] {
  return surestFirst(findings).flatMap(({ verdict, series }) => (verdict === 'leak' ? series.name : []));
}

/** The objects beside the bytes, if both are known for the same site. */
function withInstances(culprits: Culprit[]): Culprit[] {
  return culprits.map(culprit => {
    const counted = culprits.find(
      each => resources[each.resource].counts === culprit.resource && sameSite(each, culprit),
    );
    return counted ? { ...culprit, instances: counted.perUpload } : culprit;
  });
}

/** The bytes beside the files, whether or not they are many enough to be a leak of their own. */
function withBytes(culprits: Culprit[], { table }: Experiment['profiles']): Culprit[] {
  return culprits.map(culprit => {
    const bytes = culprit.resource === filesCounted && growthAt(table, filesWeighed, culprit.site);
    return bytes ? { ...culprit, bytes } : culprit;
  });
}

function sameSite(a: Culprit, b: Culprit): boolean {
  return a.site.function === b.site.function && a.site.file === b.site.file && a.site.line === b.site.line;
}

/** Goroutines with their creators: only a dump of every goroutine tells. */
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
    const creators = creatorsOf(bytesOf('go-goroutine-dump') ?? '');
    const leaked = bytesOf('go-goroutine-leak');
    const proven = new Set(
      leaked && goGoroutines(leaked).flatMap(({ rows }) => rows.map(row => textOf(row.stack))),
    );
    const traced = culprits.flatMap(culprit => {
      if (culprit.kind !== 'goroutines') return culprit;
      const leaked = proven.has(textOf(culprit.stack)) ? { provenLeaked: true } : {};
      return originsOf(culprit.stack, creators, table)
        .map(({ share, origin }) => ({ ...scaled(culprit, share), ...origin, ...leaked }))
        .filter(({ share }) => share >= leastShare);
    });
    return byGoStatement(withInferredOrigins(traced));
  } catch (error) {
    for (const { source } of dumps) unread.set(source, messageOf(error));
    return culprits;
  }
}

function textOf(stack: readonly Frame[]): string {
  return stack.map(({ function: name, file, line }) => `${name} ${file}:${line}`).join('\n');
}
