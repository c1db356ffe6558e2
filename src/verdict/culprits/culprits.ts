import type { ResourceName } from '../../probes/resources.js';
import type { Frame, SiteKind } from '../../profiles/frame.js';
import type { SiteHistory, SiteSeries } from '../../profiles/history.js';
import { trendOf } from '../../statistics/trend.js';
import type { Interval } from '../verdict.js';
import { siteGrowth } from './site-growth.js';

/** A site that grows with every upload. */
export interface GrowingSite {
  resource: ResourceName;
  kind: SiteKind;
  /** The nearest frame of the user's own code, or else the leaf; a class or kind of file by its name. */
  site: Frame;
  /** The leaf first; of several stacks at one site, the one that grows most. */
  stack: Frame[];
  /** In the resource's unit; the interval includes the profile's sampling error. */
  perUpload: Interval;
  /** Its share of the resource's growth, 0 to 1; above 1 by noise. */
  share: number;
}

/** How much of a resource's growth its culprits account for. */
export interface Explained {
  resource: ResourceName;
  /** The sum of its culprits' shares. */
  share: number;
  /** Growth per upload that no culprit accounts for, in the resource's unit. */
  unexplained: number;
  /** What the target is to be started with for a profile that explains more; absent where it was. */
  finer?: string;
}

/** Fewer readings than this are no series. */
const leastReadings = 4;
/** A site with a smaller share of the growth is part of what is not explained. */
export const leastShare = 0.01;
const mostCulprits = 50;
/** Go itself keeps at most 128 frames of a stack. */
export const mostFrames = 256;

/**
 * The sites that make up a resource's growth per upload, the largest share first; none if no profile shows
 * that resource. `growth` is the exact one, from the counters: shares refer to it.
 */
export function growingSites(table: SiteHistory, resource: ResourceName, growth: number): GrowingSite[] {
  const uploads = table.uploadsOf(resource);
  if (uploads.length < leastReadings || uploads.at(-1) === uploads[0]) return [];
  const risen = table.sitesOf(resource).filter(site => rise(sumOf(site)) > 0);
  return risen
    .flatMap(site => {
      const variance = site.stacks.reduce((sum, each) => sum + each.variance, 0);
      const { perUpload, grows } = siteGrowth(uploads, sumOf(site), variance, risen.length);
      const share = perUpload.estimate / growth;
      if (!grows || share < leastShare) return [];
      return [
        { resource, kind: site.kind, site: site.site, stack: steepest(site, uploads), perUpload, share },
      ];
    })
    .sort((a, b) => b.share - a.share)
    .slice(0, mostCulprits);
}

/** What one site of a resource grew by per upload; undefined where no profile shows it. */
export function growthAt(table: SiteHistory, resource: ResourceName, site: Frame): Interval | undefined {
  const uploads = table.uploadsOf(resource);
  const found = table.sitesOf(resource).find(each => each.site.function === site.function);
  if (!found || uploads.length < leastReadings || uploads.at(-1) === uploads[0]) return undefined;
  const variance = found.stacks.reduce((sum, each) => sum + each.variance, 0);
  return siteGrowth(uploads, sumOf(found), variance, 1).perUpload;
}

export function explainedBy(
  culprits: readonly GrowingSite[],
  resource: ResourceName,
  growth: number,
): Explained {
  const named = culprits.reduce((sum, { perUpload }) => sum + perUpload.estimate, 0);
  return { resource, share: named / growth, unexplained: growth - named };
}

function sumOf({ stacks }: SiteSeries): number[] {
  if (stacks.length === 1) return stacks[0]!.values;
  return stacks[0]!.values.map((_, i) => stacks.reduce((sum, { values }) => sum + values[i]!, 0));
}

function rise(values: readonly number[]): number {
  return values.at(-1)! - values[0]!;
}

function steepest({ stacks }: SiteSeries, uploads: readonly number[]): Frame[] {
  const slopes = stacks.map(({ values }) => trendOf(uploads, values).slope);
  return stacks[slopes.indexOf(Math.max(...slopes))]!.stack.slice(0, mostFrames);
}
