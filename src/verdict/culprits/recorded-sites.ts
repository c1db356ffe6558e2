import type { ResourceName } from '../../probes/resources.js';
import type { Frame } from '../../profiles/frame.js';
import { withoutNumber } from '../../profiles/jvm/classes.js';
import type { KeptObject, StartedThread } from '../../profiles/jvm/flight-recording.js';
import { siteOf } from '../../profiles/ownership.js';
import { studentUpperQuantile } from '../../statistics/student.js';
import { type GrowingSite, mostFrames } from './culprits.js';

/** A line that allocates what is kept, and what keeps it. */
export interface KeptSite extends GrowingSite {
  retainedBy?: string[];
}

/** What a recording holds of one site. */
interface Seen<Event> {
  site: Frame;
  events: Event[];
}

/** Fewer objects of a sample, or fewer threads, tell no growth from chance. */
const leastEvents = 3;
const leastShare = 0.01;
/** The 97.5% quantile of the normal distribution: Student's with so many degrees of freedom. */
const z = studentUpperQuantile(0.025, 1e6);

/**
 * The lines that allocated what a leak is made of. The class histogram knows exactly how much each class grows, the
 * recording a sample of the objects that are kept: the growth of each class is shared among the sites of its objects.
 * A site is named where it had objects in either half of the recording; one that filled up or is in use for the
 * moment had not.
 */
export function keptSites(
  objects: readonly KeptObject[],
  classes: readonly GrowingSite[],
  growth: number,
): KeptSite[] {
  const [resource] = classes.map(each => each.resource);
  if (resource === undefined) return [];
  const timely = halves(objects.map(({ allocatedAt }) => allocatedAt));
  const growths = growthByName(classes);
  const kept = objects.filter(({ className }) => growths.has(withoutNumber(className)));
  const named = new Set(
    bySite(kept)
      .filter(({ events }) => events.length >= leastEvents && timely(events.map(each => each.allocatedAt)))
      .map(({ site }) => keyOf(site)),
  );
  const parts = new Map<string, { seen: Seen<KeptObject>; estimate: number; low: number; high: number }>();
  for (const [name, grown] of growths) {
    const ofClass = kept.filter(({ className }) => withoutNumber(className) === name);
    const sites = bySite(ofClass).filter(({ site }) => named.has(keyOf(site)));
    const all = sites.reduce((sum, { events }) => sum + events.length, 0);
    for (const seen of sites) {
      const share = proportion(seen.events.length, all);
      const key = keyOf(seen.site);
      const part = parts.get(key) ?? { seen: { site: seen.site, events: [] }, estimate: 0, low: 0, high: 0 };
      part.seen.events.push(...seen.events);
      part.estimate += share.estimate * grown.estimate;
      part.low += share.low * grown.low;
      part.high += share.high * grown.high;
      parts.set(key, part);
    }
  }
  return [...parts.values()]
    .map(({ seen, estimate, low, high }): KeptSite => {
      const path = mostOften(seen.events.map(({ keptBy }) => keptBy).filter(({ length }) => length > 0));
      return {
        resource,
        kind: 'call-site',
        site: seen.site,
        stack: mostOften(seen.events.map(({ stack }) => stack))!.slice(0, mostFrames),
        perUpload: { estimate, low, high },
        share: estimate / growth,
        ...(path ? { retainedBy: path } : {}),
      };
    })
    .filter(({ share, perUpload }) => share >= leastShare && perUpload.low > 0)
    .sort((a, b) => b.share - a.share);
}

/** The lines that started the threads which were still there at the end: exact counts over so many uploads. */
export function startingSites(
  threads: readonly StartedThread[],
  resource: ResourceName,
  uploads: number,
  growth: number,
): GrowingSite[] {
  const timely = halves(threads.map(({ startedAt }) => startedAt));
  return bySite(threads)
    .filter(({ events }) => events.length >= leastEvents && timely(events.map(({ startedAt }) => startedAt)))
    .map(({ site, events }): GrowingSite => {
      const estimate = events.length / uploads;
      return {
        resource,
        kind: 'call-site',
        site,
        stack: mostOften(events.map(({ stack }) => stack))!.slice(0, mostFrames),
        perUpload: { estimate, low: estimate, high: estimate },
        share: estimate / growth,
      };
    })
    .filter(({ share }) => share >= leastShare)
    .sort((a, b) => b.share - a.share);
}

/** Lambdas that differ in their numbers alone are one. */
function growthByName(classes: readonly GrowingSite[]) {
  const sums = new Map<string, { estimate: number; low: number; high: number }>();
  for (const { site, perUpload } of classes) {
    const name = withoutNumber(site.function);
    const sum = sums.get(name) ?? { estimate: 0, low: 0, high: 0 };
    sums.set(name, {
      estimate: sum.estimate + perUpload.estimate,
      low: sum.low + perUpload.low,
      high: sum.high + perUpload.high,
    });
  }
  return sums;
}

function bySite<Event extends { stack: readonly Frame[] }>(events: readonly Event[]): Seen<Event>[] {
  const sites = new Map<string, Seen<Event>>();
  for (const event of events) {
    if (event.stack.length === 0) continue;
    const site = siteOf(event.stack, 'call-site');
    const seen = sites.get(keyOf(site)) ?? { site, events: [] };
    seen.events.push(event);
    sites.set(keyOf(site), seen);
  }
  return [...sites.values()];
}

function keyOf({ function: name, file, line }: Frame): string {
  return `${name}\n${file}\n${line}`;
}

/** Whether some of the times lie in either half of all of them. */
function halves(all: readonly number[]): (times: readonly number[]) => boolean {
  const [first, last] = all.reduce(
    ([low, high], each) => [Math.min(low, each), Math.max(high, each)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const middle = (first! + last!) / 2;
  return times => times.some(each => each <= middle) && times.some(each => each >= middle);
}

/** The share of so many in all, with the score interval (Wilson 1927): it holds also where all of them are. */
function proportion(some: number, all: number): { estimate: number; low: number; high: number } {
  const estimate = some / all;
  const centre = (some + z ** 2 / 2) / (all + z ** 2);
  const half = (z / (all + z ** 2)) * Math.sqrt((some * (all - some)) / all + z ** 2 / 4);
  return { estimate, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/** Of equal ones those that come most often; undefined of none. */
function mostOften<Item>(items: readonly Item[]): Item | undefined {
  const counts = new Map<string, { item: Item; count: number }>();
  for (const item of items) {
    const key = JSON.stringify(item);
    const known = counts.get(key) ?? { item, count: 0 };
    known.count += 1;
    counts.set(key, known);
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count)[0]?.item;
}
