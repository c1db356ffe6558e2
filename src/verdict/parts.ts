import type { ResourceName } from '../probes/resources.js';

/**
 * What is seen twice: each of these is a part of the other, and grows within it. Sources: Node's process.memoryUsage
 * (`arrayBuffers` is part of `external`); proc_pid_status(5) (RssAnon and RssShmem are parts of VmRSS).
 */
const whole: Partial<Record<ResourceName, ResourceName>> = {
  'array-buffers': 'external',
  external: 'anon',
  heap: 'anon',
  'direct-buffers': 'anon',
  stack: 'anon',
  anon: 'rss',
  shmem: 'rss',
};

/** Whether one resource is part of another: a buffer's bytes are external memory, and that is anonymous memory. */
export function isPartOf(part: ResourceName, other: ResourceName): boolean {
  const next = whole[part];
  return next !== undefined && (next === other || isPartOf(next, other));
}

/** The objects of one heap, counted and weighed: what leaks of one leaks of the other. */
export const weighs: Partial<Record<ResourceName, ResourceName>> = { heap: 'heap-objects' };
