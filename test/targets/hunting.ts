import { expect } from 'vitest';
import { type Hunt, type HuntOptions, hunt } from '../../src/index.js';
import type { Target } from '../support/target.js';

/** Bytes in each upload. */
export const uploadSize = 50_000;

/** A count grows exactly or not at all: it needs no more rounds to be decided. */
export const forCounts: Partial<HuntOptions> = { maxRounds: 8 };

/** Memory that can be collected before it is read needs the 2,000 uploads that a cache may take to fill. */
export const forExactMemory: Partial<HuntOptions> = { maxRounds: 24 };

/** Hunts a target as it starts up, with what can be found of it on its own, and stops it. */
export async function huntTarget(
  starting: Promise<Target>,
  options: Partial<HuntOptions> = {},
): Promise<Hunt> {
  const target = await starting;
  try {
    return await hunt({
      url: target.url,
      fixture: { kind: 'random', size: uploadSize, seed: 1 },
      probes: ['auto'],
      // What is expected of each resource is known: all are to be decided.
      thorough: true,
      ...options,
    });
  } finally {
    await target.stop();
  }
}

type ResourceRecord = Hunt['resources'][number];
type ResourceName = ResourceRecord['name'];

export function resource(record: Hunt, name: ResourceName): ResourceRecord {
  const found = record.resources.find(each => each.name === name);
  if (!found) throw new Error(`There is no ${name}. ${inWords(record)}`);
  return found;
}

/** The first culprit of a resource. */
export function culprit(record: Hunt, name: ResourceName): Hunt['culprits'][number] {
  const found = record.culprits.find(each => each.resource === name);
  if (!found) throw new Error(`Nobody is named for ${name}. ${inWords(record)}`);
  return found;
}

export function expectLeak(record: Hunt, name: ResourceName): void {
  expect(resource(record, name).verdict, inWords(record)).toBe('leak');
  expect([record.verdict, record.exitCode], inWords(record)).toEqual(['leak', 1]);
}

/** Says of a count that it grows by one per upload. */
export function expectOnePerUpload(record: Hunt, name: ResourceName): void {
  expectLeak(record, name);
  const { perUpload } = resource(record, name);
  expect(perUpload.low, inWords(record)).toBeGreaterThan(0.95);
  expect(perUpload.high, inWords(record)).toBeLessThan(1.05);
}

/** Says of memory that it leaks by the upload's size, within a share of it that allocator and garbage may add. */
export function expectUploadsKept(record: Hunt, name: ResourceName, tolerance: number): void {
  expectLeak(record, name);
  const { perUpload } = resource(record, name);
  expect(Math.abs(perUpload.estimate / uploadSize - 1), inWords(record)).toBeLessThan(tolerance);
}

/**
 * Every upload was answered with 2xx, and nothing is called a leak. Of memory that wavers both are right after so few
 * rounds: that it is flat, and that it is not decided yet. What must be flat is said by `expectFlat`.
 */
export function expectFlatOrUndecided(record: Hunt): void {
  expect(record.error).toBeUndefined();
  expect(record.load.failed).toBe(0);
  const leaks = record.resources.filter(each => each.verdict === 'leak').map(each => each.name);
  expect(leaks, inWords(record)).toEqual([]);
  expect(['flat', 'inconclusive'], inWords(record)).toContain(record.verdict);
}

export function expectFlat(record: Hunt, ...names: ResourceName[]): void {
  for (const name of names) expect(resource(record, name).verdict, inWords(record)).toBe('flat');
}

/** Every resource's numbers, so that a failure tells what was measured. */
function inWords({ verdict, end, load, resources, target }: Hunt): string {
  const lines = resources.map(({ name, source, verdict, reason, perUpload: { estimate, low, high } }) => {
    const [about, from, to] = [estimate, low, high].map(each => each?.toPrecision(4));
    return `  ${name} (${source}): ${verdict}, ${about} per upload [${from} to ${to}], ${JSON.stringify(reason)}`;
  });
  const probes = target.probes.map(each => each.source + (each.lost ? ` (lost: ${each.lost})` : ''));
  return `${verdict} after ${load.completed} uploads (${end}; ${probes}):\n${lines.join('\n')}\n`;
}
