import { patternOf } from '../probes/sources/name-pattern.js';
import { farEndsOf } from './far-ends.js';
import type { Frame, Profile, SiteKind } from './frame.js';
import { familiesOf } from './name-families.js';
import { isUserCode, siteOf } from './ownership.js';

/** One stack, class or kind of file over the readings. */
export interface StackSeries {
  stack: readonly Frame[];
  /** After each reading that has a profile; 0 if the profile did not name it. */
  values: number[];
  /** The sampling variance of the difference between the last value and the first. */
  variance: number;
}

/** All stacks of one resource that have the same site. */
export interface SiteSeries {
  kind: SiteKind;
  site: Frame;
  stacks: StackSeries[];
}

/**
 * Beyond this many different stacks of one resource no new one is added: a target can invent them without
 * end.
 */
const mostStacks = 50_000;
/** Past so many different names new ones are counted by what they look like. */
const mostNames = 20_000;

interface Table {
  naming: Profile['naming'];
  kind: SiteKind;
  uploads: number[];
  stacks: Map<string, Held>;
  /** The stacks by site, once they were asked for; the next profile makes them stale. */
  sites?: SiteSeries[];
}

/** Values from the first profile on that named the stack. */
interface Held {
  stack: readonly Frame[];
  from: number;
  values: number[];
  firstVariance: number;
  lastVariance: number;
}

/** Who held what after each reading of a hunt, site by site. */
export class SiteHistory {
  readonly #tables = new Map<Profile['resource'], Table>();

  /** Adds the profiles of one reading; for profiles of several targets, the same site is summed. */
  add(uploads: number, profiles: readonly Profile[]): void {
    for (const resource of new Set(profiles.map(each => each.resource))) {
      const parts = profiles.filter(each => each.resource === resource);
      const table = this.#tableOf(resource, parts[0]!);
      const index = table.uploads.push(uploads) - 1;
      table.sites = undefined;
      for (const { kind, rows } of parts) if (kind === table.kind) take(table, index, rows);
    }
  }

  /** Uploads completed at each profile of a resource. */
  uploadsOf(resource: Profile['resource']): number[] {
    return this.#tables.get(resource)?.uploads ?? [];
  }

  /** The resource's stacks, grouped by site. */
  sitesOf(resource: Profile['resource']): readonly SiteSeries[] {
    const table = this.#tables.get(resource);
    if (!table) return [];
    table.sites ??= sitesIn(table);
    return table.sites;
  }

  #tableOf(resource: Profile['resource'], { kind, naming }: Profile): Table {
    let table = this.#tables.get(resource);
    if (!table) {
      table = { naming, kind, uploads: [], stacks: new Map() };
      this.#tables.set(resource, table);
    }
    return table;
  }
}

function sitesIn(table: Table): SiteSeries[] {
  const { kind, stacks, uploads } = table;
  if (kind === 'descriptors') return familiesIn(table);
  const sites = new Map<string, SiteSeries>();
  for (const held of stacks.values()) {
    const site = siteOf(held.stack, kind);
    const key = keyOf(site, kind);
    const known = sites.get(key);
    const stack = seriesOf(held, uploads.length);
    if (known) known.stacks.push(stack);
    else sites.set(key, { kind, site, stacks: [stack] });
  }
  return [...sites.values()];
}

/** Files and their like by the families that their names make, which show only once there are some. */
function familiesIn({ naming, stacks, uploads }: Table): SiteSeries[] {
  const named = [...stacks.values()].map(held => ({ name: held.stack[0]!.function, held }));
  const namesFrom = (isThen: (from: number) => boolean) =>
    named.filter(({ held }) => isThen(held.from)).map(({ name }) => name);
  const familyOf =
    naming === 'far-ends'
      ? farEndsOf(namesFrom(() => true))
      : familiesOf(
          namesFrom(from => from > 0),
          namesFrom(from => from === 0),
        );
  const families = new Map<string, StackSeries>();
  for (const { name, held } of named) {
    const family = familyOf.get(name)!;
    const series = families.get(family) ?? {
      stack: [{ function: family }],
      values: new Array<number>(uploads.length).fill(0),
      variance: 0,
    };
    families.set(family, series);
    for (const [i, value] of held.values.entries()) series.values[held.from + i]! += value;
  }
  return [...families.values()].map(each => ({
    kind: 'descriptors',
    site: each.stack[0]!,
    stacks: [each],
  }));
}

function take({ kind, stacks }: Table, index: number, rows: Profile['rows']): void {
  for (const row of rows) {
    const {
      key,
      stack,
      value,
      variance = 0,
    } = kind === 'descriptors' && stacks.size >= mostNames && !stacks.has(row.key) ? byLooks(row) : row;
    let held = stacks.get(key);
    if (!held) {
      if (stacks.size >= mostStacks) continue;
      held = { stack, from: index, values: [], firstVariance: index === 0 ? variance : 0, lastVariance: 0 };
      stacks.set(key, held);
    }
    const at = index - held.from;
    while (held.values.length <= at) held.values.push(0);
    held.values[at]! += value;
    held.lastVariance = variance;
  }
}

function byLooks({ key, value }: Profile['rows'][number]): Profile['rows'][number] {
  const pattern = patternOf(key);
  return { key: pattern, stack: [{ function: pattern }], value };
}

function seriesOf({ stack, from, values, firstVariance, lastVariance }: Held, readings: number): StackSeries {
  const all = new Array<number>(readings).fill(0);
  for (const [i, value] of values.entries()) all[from + i] = value;
  const last = from + values.length === readings ? lastVariance : 0;
  return { stack, values: all, variance: Math.max(0, last - firstVariance) };
}

/** For a goroutine that runs no user code, the line is merely where it waits in its own function. */
function keyOf(site: Frame, kind: SiteKind): string {
  const { function: name, file, line } = site;
  return kind === 'goroutines' && !isUserCode(site) ? name : `${name}\n${file}\n${line}`;
}
