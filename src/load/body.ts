import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import FormData from 'form-data';
import { codeOf, messageOf, usageError } from '../errors.js';
import type { FormPart } from './form.js';

/** A request body made once and sent by every upload. */
export interface Body {
  contentType: string;
  /** Bytes on the wire, the part headers included. */
  size: number;
  /** The body itself: a shared buffer, or a fresh stream from disk where it is too large to hold. */
  open(): Buffer | Readable;
}

/** Up to this size a body is held in memory and shared by all uploads. */
export const largestShared = 64 * 2 ** 20;

type Segment = Buffer | { path: string; size: number };

/** Frames the parts as multipart/form-data (RFC 7578). Throws a usage error for a file that cannot be read. */
export async function buildBody(parts: FormPart[]): Promise<Body> {
  const form = new FormData();
  const files: { mark: Buffer; path: string; size: number }[] = [];
  for (const part of parts) {
    const options = {
      contentType: part.type,
      ...(part.filename === undefined ? {} : { filename: part.filename }),
    };
    if ('text' in part.content) {
      form.append(part.name, part.content.text, options);
    } else if ('bytes' in part.content) {
      form.append(part.name, part.content.bytes, options);
    } else {
      const size = await sizeOf(part.content.path);
      const mark = randomBytes(24); // stands for the file while form-data frames the parts
      files.push({ mark, path: part.content.path, size });
      form.append(part.name, mark, options);
    }
  }

  const segments: Segment[] = [];
  let framed = form.getBuffer();
  for (const { mark, path, size } of files) {
    const at = framed.indexOf(mark);
    segments.push(framed.subarray(0, at), { path, size });
    framed = framed.subarray(at + mark.length);
  }
  segments.push(framed);
  return bodyOf(segments, form.getHeaders()['content-type'] as string);
}

async function bodyOf(segments: Segment[], contentType: string): Promise<Body> {
  const size = segments.reduce((sum, each) => sum + (Buffer.isBuffer(each) ? each.length : each.size), 0);
  if (size > largestShared) return { contentType, size, open: () => Readable.from(streamOf(segments)) };
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of streamOf(segments)) chunks.push(chunk);
  } catch (error) {
    throw usageError('BAD_FILE', `A file of the form cannot be read: ${messageOf(error)}.`, { cause: error });
  }
  const shared = Buffer.concat(chunks);
  return { contentType, size: shared.length, open: () => shared };
}

async function* streamOf(segments: Segment[]): AsyncGenerator<Buffer> {
  for (const segment of segments) {
    if (Buffer.isBuffer(segment)) yield segment;
    else yield* createReadStream(segment.path, { highWaterMark: 256 * 1024 });
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    const found = await stat(path); // before it is opened: opening a pipe would wait for its other end
    if (found.isDirectory()) throw usageError('BAD_FILE', `"${path}" is a folder: name a file to upload.`);
    if (!found.isFile()) {
      throw usageError('BAD_FILE', `"${path}" is not a regular file: name a file to upload.`);
    }
    await access(path, constants.R_OK);
    return found.size;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT')
      throw usageError('BAD_FILE', `There is no file "${path}": check the path after -F.`);
    if (code === 'EACCES' || code === 'EPERM') {
      throw usageError('BAD_FILE', `The file "${path}" may not be read: check its permissions.`);
    }
    if (code?.startsWith('E'))
      throw usageError('BAD_FILE', `The file "${path}" cannot be read: ${messageOf(error)}.`);
    throw error;
  }
}
