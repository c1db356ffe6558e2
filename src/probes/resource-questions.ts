import { type Family, type ResourceName, resources } from './resources.js';

/** All resources, in the order of the catalogue: reports show them so. */
export const resourceNames = Object.keys(resources) as ResourceName[];

/** Memory may be a cache that fills; a cache of anything else is as suspicious as a leak. */
const memory: ReadonlySet<Family> = new Set(['heap', 'buffers', 'stack', 'shared', 'process']);

/** Whether it is memory, which a cache may fill. */
export function isMemory(name: ResourceName): boolean {
  return memory.has(resources[name].family);
}

/** Whether it is the bytes of the runtime's heap. */
export function isHeap(name: ResourceName): boolean {
  const { family, unit } = resources[name];
  return family === 'heap' && unit === 'bytes';
}

/** The resource that a verdict on memory rests on if it is read. */
export const heap = resourceNames.find(isHeap)!;
/** What counts its objects. */
export const heapObjects = resourceNames.find(name => resources[name].counts === heap)!;

/** Whether it is bytes that objects of the heap hold, in it or outside of it. */
export function isHeldByObjects(name: ResourceName): boolean {
  return isHeap(name) || resources[name].family === 'buffers';
}

/** Whether the kernel counts it as a process's own memory, including the heap. */
export function isProcessMemory(name: ResourceName): boolean {
  return resources[name].family === 'process';
}

/** Whether it is a plural in a sentence: `goroutines leak`, `array buffers leak`, `heap leaks`. */
export function isPlural(name: ResourceName): boolean {
  const { unit, plural } = resources[name];
  return unit === 'count' || plural === true;
}

/** The smallest change that a reading can show; undefined if any byte shows. */
export function resolutionOf(name: ResourceName): number | undefined {
  const { unit, resolution } = resources[name];
  return resolution ?? (unit === 'count' ? 1 : undefined);
}

/**
 * Whether one resource is part of another: a buffer's bytes are external memory, and that is anonymous
 * memory.
 */
export function isPartOf(part: ResourceName, other: ResourceName): boolean {
  const next = resources[part].partOf;
  return next !== undefined && (next === other || isPartOf(next, other));
}

/** Whether two resources count and weigh the same objects. */
export function isOfSameObjects(a: ResourceName, b: ResourceName): boolean {
  return resources[a].counts === b || resources[b].counts === a;
}

/** Those that are not part of another of them: together they count each byte once. */
export function outermost<Each>(all: readonly Each[], nameOf: (each: Each) => ResourceName): Each[] {
  return all.filter(each => !all.some(other => isPartOf(nameOf(each), nameOf(other))));
}

type ValuesByResource = Partial<Record<ResourceName, number>>;

/** The kernel's numbers for a process's own memory: a part before the whole. */
export const processMemory = resourceNames
  .filter(isProcessMemory)
  .sort((a, b) => Number(isPartOf(b, a)) - Number(isPartOf(a, b)));

/** The largest known amount of a process's memory: resident memory, or else a part of it. */
export function memoryIn(values: ValuesByResource): number | undefined {
  const name = [...processMemory.toReversed(), heap].find(each => values[each] !== undefined);
  return name && values[name];
}

/** What the process holds of the machine's memory; undefined if only a part of it is known. */
export function residentIn(values: ValuesByResource): number | undefined {
  return values[processMemory.at(-1)!];
}

/** Files that the target leaves behind, their number and their bytes: their owner may be known only later. */
export const fileResources = resourceNames.filter(name => resources[name].family === 'files');

export const filesCounted = fileResources.find(name => resources[name].unit === 'count')!;
export const filesWeighed = fileResources.find(name => resources[name].unit === 'bytes')!;
