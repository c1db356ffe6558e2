import type { Unit } from '../units.js';

/** The kind of a resource. */
export type Family =
  /** What the runtime's collector manages, bytes and objects. */
  | 'heap'
  /** What objects of the heap hold outside of it. */
  | 'buffers'
  | 'stack'
  | 'shared'
  /** The kernel's view of a process's own memory, including the heap. */
  | 'process'
  /** Threads, sockets and the like: not memory, and counted one by one. */
  | 'things'
  /** Files left behind on a disk. */
  | 'files';

/** Who reclaims what is no longer used: a collection of the runtime's, or the system at its own pace. */
type Reclaimer = 'collection' | 'system';

/** What is known about a resource before it is read. All code that treats resources differently uses this. */
export interface Resource<Name extends string = string> {
  unit: Unit;
  /** For people; counts are in the plural. */
  title: string;
  /** The singular, for counts. */
  one?: string;
  /** Its title is a plural although it is an amount of bytes. */
  plural?: true;
  family: Family;
  /** The growth per upload, in its unit, that is called flat unless the user sets a margin. */
  margin: number;
  /** Growth below which it is called flat if the user sets no margin and the margin is too fine for that. */
  tolerance?: number;
  /** The smallest change that a reading can show, in bytes; a count changes by one. */
  resolution?: number;
  /** The resource that it is a part of: the same bytes are counted twice. */
  partOf?: Name;
  /** The resource with the bytes of the objects counted here: if one leaks, so does the other. */
  counts?: Name;
  /** The resource whose culprits stand for its own if both are known. */
  toldBy?: Name;
  /** Who frees what of it is no longer used; absent if it is freed at once. */
  reclaimed?: readonly Reclaimer[];
  /**
   * The heap beside which it proves nothing by itself: any that was read and collected, or one that may lie
   * in it.
   */
  advisory?: 'beside-heap' | 'around-heap';
  /** Its rank for the line of progress, which has room for the first two that are read. */
  glance?: number;
}

/** Makes TypeScript check that a resource refers only to resources. */
function catalogue<Name extends string>(
  all: Record<Name, Resource<NoInfer<Name>>>,
): Readonly<Record<Name, Resource<Name>>> {
  return all;
}

/** Twice the margin: for a leak that large, half of the interval lies above it. */
const pagesFlatBelow = 512;
/** The kernel counts memory in pages: that is a reading's resolution, over 2,000 uploads 2 B each. */
const page = 4096;

/**
 * Every resource that can grow. The names are a contract: records and flags use them.
 *
 * Margins: 256 B is one small object with its holder; 0.5 an object in two uploads; 0.05 one descriptor in
 * twenty uploads; 4 KiB one block, the least by which a file can grow. An allocator returns pages and arenas
 * at its own pace, so that a process's memory cannot be shown to be flat as finely as it can be shown to
 * grow: it has a tolerance.
 *
 * Parts: Node's process.memoryUsage (`arrayBuffers` is part of `external`); proc_pid_status(5) (RssAnon and
 * RssShmem are parts of VmRSS).
 */
export const resources = catalogue({
  heap: {
    unit: 'bytes',
    title: 'heap',
    family: 'heap',
    margin: 256,
    partOf: 'anon',
    reclaimed: ['collection'],
    glance: 1,
  },
  'heap-objects': {
    unit: 'count',
    title: 'heap objects',
    one: 'heap object',
    family: 'heap',
    margin: 0.5,
    counts: 'heap',
    toldBy: 'heap',
    reclaimed: ['collection'],
  },
  'array-buffers': {
    unit: 'bytes',
    title: 'array buffers',
    plural: true,
    family: 'buffers',
    margin: 256,
    partOf: 'external',
    reclaimed: ['collection'],
  },
  external: {
    unit: 'bytes',
    title: 'external memory',
    family: 'buffers',
    margin: 256,
    partOf: 'anon',
    reclaimed: ['collection'],
  },
  'direct-buffers': {
    unit: 'bytes',
    title: 'direct buffers',
    plural: true,
    family: 'buffers',
    margin: 256,
    partOf: 'anon',
    reclaimed: ['collection'],
  },
  goroutines: {
    unit: 'count',
    title: 'goroutines',
    one: 'goroutine',
    family: 'things',
    margin: 0.05,
    glance: 3,
  },
  tasks: { unit: 'count', title: 'asyncio tasks', one: 'asyncio task', family: 'things', margin: 0.05 },
  threads: { unit: 'count', title: 'threads', one: 'thread', family: 'things', margin: 0.05 },
  'active-handles': {
    unit: 'count',
    title: 'active handles',
    one: 'active handle',
    family: 'things',
    margin: 0.05,
  },
  'open-files': {
    unit: 'count',
    title: 'open files',
    one: 'open file',
    family: 'things',
    margin: 0.05,
    glance: 4,
  },
  sockets: { unit: 'count', title: 'sockets', one: 'socket', family: 'things', margin: 0.05 },
  'temp-files': {
    unit: 'count',
    title: 'temp files',
    one: 'temp file',
    family: 'files',
    margin: 0.05,
  },
  disk: {
    unit: 'bytes',
    title: 'disk (temp files)',
    family: 'files',
    margin: 4096,
    toldBy: 'temp-files',
  },
  stack: {
    unit: 'bytes',
    title: 'stack',
    family: 'stack',
    margin: 256,
    partOf: 'anon',
    reclaimed: ['system'],
    advisory: 'beside-heap',
  },
  anon: {
    unit: 'bytes',
    title: 'anonymous memory',
    family: 'process',
    margin: 256,
    tolerance: pagesFlatBelow,
    resolution: page,
    partOf: 'rss',
    reclaimed: ['collection', 'system'],
    advisory: 'beside-heap',
  },
  shmem: {
    unit: 'bytes',
    title: 'shared memory',
    family: 'shared',
    margin: 256,
    tolerance: pagesFlatBelow,
    resolution: page,
    partOf: 'rss',
    reclaimed: ['collection'],
    advisory: 'around-heap',
  },
  rss: {
    unit: 'bytes',
    title: 'resident memory',
    family: 'process',
    margin: 256,
    tolerance: pagesFlatBelow,
    resolution: page,
    reclaimed: ['collection', 'system'],
    advisory: 'beside-heap',
    glance: 2,
  },
});

export type ResourceName = keyof typeof resources;
