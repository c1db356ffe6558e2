import type { Readable } from 'node:stream';
import type { FormPart } from './form-part.js';
import { frame, type MultipartFraming } from './multipart.js';
import { loaded, numbered, type Segment, type Stamp, sizeOf, streamed } from './segments.js';
import { SourceFiles } from './source-files.js';

/** A request body that is made once and sent by every upload. */
export interface Body {
  /** Empty if none is sent by default, as for curl's `-T`. */
  contentType: string;
  /** Bytes on the wire, including part headers; the same for every upload. */
  size: number;
  /**
   * The body of one upload: a shared buffer, or a fresh stream if it is too large for memory. With `unique`,
   * the number of the upload replaces bytes in the name and at the beginning of each file; the body is then a
   * small buffer, or a stream of the shared buffers and the few that differ.
   */
  open(serial?: number): Buffer | Readable;
  /** What it is made of, so that another thread can make the same. */
  segments: readonly Segment[];
  /** Throws a usage error (`FILE_CHANGED`) if a file that it was made from has changed. */
  verify(): Promise<void>;
}

/** How a body is made, whatever it contains. */
export interface BodyOptions {
  /** Leave room for the number of the upload, so that no two are the same. */
  unique?: boolean;
}

/** Up to this size a body is held in memory and shared by all uploads. */
export const largestShared = 64 * 2 ** 20;

/** Up to this size a body that differs from upload to upload is copied: a stream costs more. */
const largestCopied = 64 * 1024;

/** Frames the parts as multipart/form-data. Throws a usage error for a file that cannot be read. */
export async function buildBody(
  parts: FormPart[],
  options: MultipartFraming & BodyOptions = {},
): Promise<Body> {
  const files = new SourceFiles();
  const { segments, contentType } = await frame(parts, options, files);
  return bodyOf(segments, contentType, files);
}

/** A body of these segments; small files are read from disk once. */
export async function bodyOf(segments: Segment[], contentType: string, files: SourceFiles): Promise<Body> {
  const size = sizeOf(segments);
  const verify = () => files.verify();
  if (size > largestShared) return { contentType, size, segments, verify, open: openerOf(segments) };
  const held = await loaded(segments, files);
  const joined = held.every(each => Buffer.isBuffer(each)) ? [Buffer.concat(held)] : held;
  return { contentType, size: sizeOf(joined), segments: joined, verify, open: openerOf(joined) };
}

/** Opens a body of these segments for each upload. */
export function openerOf(segments: readonly Segment[]): Body['open'] {
  const [only] = segments;
  if (segments.length === 1 && Buffer.isBuffer(only)) return () => only;
  const held = segments.filter((each): each is Buffer | Stamp => !('file' in each));
  return held.length === segments.length && sizeOf(held) <= largestCopied
    ? (serial = 0) => Buffer.concat(numbered(held, serial))
    : (serial = 0) => streamed(segments, serial);
}
