import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import type { Reading } from '../probes/reading.js';
import { filesWeighed, memoryIn, residentIn } from '../probes/resource-questions.js';

/** This share of the machine's memory is left alone. */
const reserve = 0.1;

/** The most bytes that a hunt adds to the target's memory: on a small machine, others need the rest. */
export function defaultMaxMemory(): number {
  return Math.min(2 ** 30, totalmem() / 8);
}

/** The most bytes of temp files that a hunt leaves behind. */
export const defaultMaxDisk = 2 * 2 ** 30;

/**
 * A round takes at most this share of what may still be added: rounds shrink, and one more always fits. Files
 * are counted exactly and written slowly, and fewer of them tell as much.
 */
const shareOfRound = { memory: 1 / 16, disk: 1 / 32 };

/** What a hunt may add to the target. */
export interface GrowthLimits {
  maxMemory: number;
  maxDisk: number;
}

/** The part of a round that shows how much uploads add. */
interface Added {
  step: { kind: string };
  result?: { completed: number };
  reading?: Pick<Reading, 'values'>;
}

/** How many of `wanted` uploads the next round may hold; 0 if, by the last round's growth, none fits. */
export function uploadsThatFit(rounds: readonly Added[], wanted: number, limits: GrowthLimits): number {
  const forMemory = fitting(rounds, ({ values }) => memoryIn(values), limits.maxMemory, shareOfRound.memory);
  const forDisk = fitting(rounds, ({ values }) => values[filesWeighed], limits.maxDisk, shareOfRound.disk);
  return Math.min(wanted, forMemory, forDisk);
}

/** The uploads of the first round, when it is not yet known what they leave behind: all of it may be kept. */
export function blindUploads(bodyBytes: number, { maxMemory }: GrowthLimits): number {
  return Math.max(1, Math.floor(maxMemory / 4 / bodyBytes));
}

/** What the hunt has added so far, in bytes; undefined if that cannot be read. */
export function addedMemory(rounds: readonly Added[]): number | undefined {
  return addedBy(rounds, ({ values }) => memoryIn(values));
}

function fitting(
  rounds: readonly Added[],
  of: (reading: Pick<Reading, 'values'>) => number | undefined,
  most: number,
  share: number,
): number {
  const added = addedBy(rounds, of);
  const perUpload = perUploadIn(rounds, of);
  if (added === undefined || perUpload === undefined || perUpload <= 0) return Number.POSITIVE_INFINITY;
  return Math.max(0, Math.floor(((most - added) * share) / perUpload));
}

function addedBy(
  rounds: readonly Added[],
  of: (reading: Pick<Reading, 'values'>) => number | undefined,
): number | undefined {
  const values = rounds.flatMap(({ reading }) => (reading && of(reading)) ?? []);
  return values.length < 2 ? undefined : Math.max(0, values.at(-1)! - values[0]!);
}

/**
 * The growth of the last round of uploads: what a server takes for its first ones, it does not take again.
 */
function perUploadIn(
  rounds: readonly Added[],
  of: (reading: Pick<Reading, 'values'>) => number | undefined,
): number | undefined {
  const last = rounds.findLastIndex(({ result, reading }) => reading && result && result.completed > 0);
  const before = rounds.slice(0, Math.max(0, last)).findLast(({ reading }) => reading);
  const [from, to] = [
    before?.reading && of(before.reading),
    rounds[last]?.reading && of(rounds[last].reading),
  ];
  return from === undefined || to === undefined ? undefined : (to - from) / rounds[last]!.result!.completed;
}

/**
 * Whether one more round like the last ones could use up the machine's memory. Linux only; false elsewhere.
 */
export function memoryRunsOut(rounds: readonly Added[]): boolean {
  const rss = rounds
    .filter(({ result }) => result)
    .flatMap(({ reading }) => (reading && residentIn(reading.values)) ?? []);
  const [before, now] = rss.slice(-2);
  if (before === undefined || now === undefined) return false;
  const memory = machineMemory();
  return memory !== undefined && memory.available - 2 * Math.max(0, now - before) < reserve * memory.total;
}

function machineMemory(): { total: number; available: number } | undefined {
  try {
    const text = readFileSync('/proc/meminfo', 'utf8');
    const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) * 1024;
    return { total: bytes('MemTotal'), available: bytes('MemAvailable') };
  } catch {
    return undefined;
  }
}
