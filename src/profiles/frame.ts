import type { ResourceName } from '../probes/resources.js';

/** One function of a stack, as the profile names it. */
export interface Frame {
  function: string;
  file?: string;
  line?: number;
}

/**
 * What a site is: `call-site`, the stack that allocated (the leaf first); `goroutines`, those that wait at one
 * stack; `class`, the objects of one class or constructor; `descriptors`, open files, sockets, temp files,
 * threads or native memory of one kind and name pattern. The last two have a stack of one frame, whose function is their name.
 */
export type SiteKind = 'call-site' | 'goroutines' | 'class' | 'descriptors';

/** What one site holds at one moment. */
export interface ProfileRow {
  /** The same for the same site in every profile of one process. */
  key: string;
  /** The leaf first. */
  stack: readonly Frame[];
  /** In the resource's unit. */
  value: number;
  /** If the profile is a sample: the square of the standard error of `value`. */
  variance?: number;
}

/** Who holds one resource at one moment; `churn` counts the bytes ever allocated. */
export interface Profile {
  resource: ResourceName | 'churn';
  kind: SiteKind;
  /** Of descriptors that are named by an address: sockets. */
  naming?: 'far-ends';
  rows: ProfileRow[];
}
