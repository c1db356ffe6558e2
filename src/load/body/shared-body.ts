import { type Body, openerOf } from './body.js';
import type { Segment } from './segments.js';

/** A body as plain data that threads share: its bytes are in memory once, whatever the number of threads. */
export interface SharedBody {
  contentType: string;
  size: number;
  segments: (SharedArrayBuffer | Exclude<Segment, Buffer>)[];
}

const known = new WeakMap<Body, SharedBody>();

/** Copies a body's bytes to memory that every thread can read; once for each body. */
export function shareBody(body: Body): SharedBody {
  const { contentType, size, segments } = body;
  const shared = known.get(body) ?? {
    contentType,
    size,
    segments: segments.map(each => (Buffer.isBuffer(each) ? sharedCopy(each) : each)),
  };
  known.set(body, shared);
  return shared;
}

/** The same body in another thread. Only the first thread checks whether its files have changed. */
export function bodyOfShared({ contentType, size, segments }: SharedBody): Body {
  const own = segments.map(each => (each instanceof SharedArrayBuffer ? Buffer.from(each) : each));
  return { contentType, size, segments: own, verify: async () => {}, open: openerOf(own) };
}

function sharedCopy(bytes: Buffer): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(bytes.length);
  bytes.copy(new Uint8Array(memory));
  return memory;
}
