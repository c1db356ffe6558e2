import type { Unit } from '../units.js';

interface Described {
  unit: Unit;
  /** For people; counts in the plural. */
  title: string;
  /** Of a count, the singular. */
  one?: string;
}

/** Every resource that can grow. The names are a contract: records and flags use them. */
export const resources = {
  heap: { unit: 'bytes', title: 'heap' },
  'heap-objects': { unit: 'count', title: 'heap objects', one: 'heap object' },
  'array-buffers': { unit: 'bytes', title: 'array buffers' },
  external: { unit: 'bytes', title: 'external memory' },
  'direct-buffers': { unit: 'bytes', title: 'direct buffers' },
  goroutines: { unit: 'count', title: 'goroutines', one: 'goroutine' },
  threads: { unit: 'count', title: 'threads', one: 'thread' },
  'active-handles': { unit: 'count', title: 'active handles', one: 'active handle' },
  'open-files': { unit: 'count', title: 'open files', one: 'open file' },
  sockets: { unit: 'count', title: 'sockets', one: 'socket' },
  'temp-files': { unit: 'count', title: 'temp files', one: 'temp file' },
  disk: { unit: 'bytes', title: 'disk (temp files)' },
  stack: { unit: 'bytes', title: 'stack' },
  anon: { unit: 'bytes', title: 'anonymous memory' },
  shmem: { unit: 'bytes', title: 'shared memory' },
  rss: { unit: 'bytes', title: 'resident memory' },
} as const satisfies Record<string, Described>;

export type ResourceName = keyof typeof resources;

export const resourceNames = Object.keys(resources) as ResourceName[];
