import { Readable } from 'node:stream';
import { bytesOf, type KnownFile, type SourceFiles } from './source-files.js';

/** A piece of a body: bytes, a file from an offset on, or room for the number of the upload. */
export type Segment = Buffer | FileSlice | Stamp;

export interface FileSlice {
  file: KnownFile;
  /** Bytes left out at its beginning. */
  from: number;
}

/** As many digits of the upload's number as there is room for. */
export interface Stamp {
  width: number;
}

/** Digits that tell every upload of a hunt from every other. */
export const stampWidth = 10;

/** Bytes on the wire, the same for every upload. */
export function sizeOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, each) => sum + lengthOf(each), 0);
}

/** The first bytes of a content are replaced by a stamp of the same length. */
export function stamped(content: Segment): Segment[] {
  const length = lengthOf(content);
  if (length === 0) return [];
  const width = Math.min(stampWidth, length);
  if (Buffer.isBuffer(content)) return [{ width }, content.subarray(width)];
  return 'file' in content ? [{ width }, { ...content, from: content.from + width }] : [content];
}

/** The same with the files in memory and neighbours joined: buffers, and the stamps between them. */
export async function loaded(segments: readonly Segment[], files: SourceFiles): Promise<(Buffer | Stamp)[]> {
  const joined: (Buffer[] | Stamp)[] = [];
  for (const segment of segments) {
    if ('width' in segment) joined.push(segment);
    else {
      const last = joined.at(-1);
      const bytes = Buffer.isBuffer(segment)
        ? segment
        : (await files.read(segment.file.path)).subarray(segment.from);
      if (Array.isArray(last)) last.push(bytes);
      else joined.push([bytes]);
    }
  }
  return joined.map(each => (Array.isArray(each) ? Buffer.concat(each) : each));
}

/** The buffers of one upload: the shared ones, and fresh ones for its number. */
export function numbered(segments: readonly (Buffer | Stamp)[], serial: number): Buffer[] {
  return segments.map(each => (Buffer.isBuffer(each) ? each : digitsOf(serial, each)));
}

/** The same for files that are too large for memory: read anew for each upload. */
export function streamed(segments: readonly Segment[], serial: number): Readable {
  return Readable.from(chunks());

  async function* chunks(): AsyncGenerator<Buffer> {
    for (const segment of segments) {
      if (Buffer.isBuffer(segment)) yield segment;
      else if ('width' in segment) yield digitsOf(serial, segment);
      else yield* bytesOf(segment.file, segment.from);
    }
  }
}

function digitsOf(serial: number, { width }: Stamp): Buffer {
  return Buffer.from(String(serial).padStart(width, '0').slice(-width));
}

function lengthOf(segment: Segment): number {
  if (Buffer.isBuffer(segment)) return segment.length;
  return 'width' in segment ? segment.width : segment.file.size - segment.from;
}
