import { isUtf8 } from 'node:buffer';
import { PassThrough, type Writable } from 'node:stream';
import { LeakhuntError, messageOf, usageError } from '../../errors.js';
import { exitCodes } from '../../exit-codes.js';
import { largestShared } from './body.js';
import { tooLarge } from './form.js';
import type { FormPart } from './form-part.js';

/** The part that we use of a form of the `form-data` package, which is a stream of the framed body. */
export interface FormDataStream {
  getBoundary(): string;
  /** The whole body; throws if it contains streams. */
  getBuffer(): Uint8Array;
  pipe<To extends Writable>(to: To): To;
  pause(): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** A stream can be read only once: these are its parts, for a second hunt with the same form. */
const read = new WeakMap<FormDataStream, FormPart[]>();

/** The parts of the form; streams in it are read to their end. */
export async function partsOfStream(form: FormDataStream, signal?: AbortSignal): Promise<FormPart[]> {
  const known = read.get(form);
  if (known) return known;
  const whole = wholeOf(form);
  if (whole) return partsOfBody(whole, form.getBoundary());
  const parts = partsOfBody(await collected(form, signal), form.getBoundary());
  read.set(form, parts);
  return parts;
}

/** Undefined if it contains streams: the package makes no buffer of those. */
function wholeOf(form: FormDataStream): Buffer | undefined {
  let whole: Buffer;
  try {
    whole = Buffer.from(form.getBuffer());
  } catch {
    return undefined;
  }
  if (whole.length > largestShared) throw tooLarge('What it holds', 'file');
  return whole;
}

async function collected(form: FormDataStream, signal?: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const stream = new PassThrough({ signal });
  form.on('error', error => stream.destroy(error));
  try {
    for await (const chunk of form.pipe(stream)) {
      chunks.push(Buffer.from(chunk));
      bytes += chunk.length;
      if (bytes > largestShared) break;
    }
  } catch (error) {
    if (signal?.aborted) {
      throw new LeakhuntError('INTERRUPTED', 'Interrupted before the first reading.', exitCodes.interrupted);
    }
    const name = lastField(Buffer.concat(chunks), form.getBoundary());
    throw usageError(
      'BAD_FORM',
      `The stream in the field "${name}" of the form could not be read (${messageOf(error)}): pass its content as a Buffer, or a list of parts with { name: ${JSON.stringify(name)}, content: { path: "…" } }.`,
      { cause: error },
    );
  } finally {
    // Without a reader, a stream in it would never end.
    form.pause();
  }
  const body = Buffer.concat(chunks);
  if (bytes <= largestShared) return body;
  const name = lastField(body, form.getBoundary());
  throw tooLarge(`The stream in the field "${name}"`, name);
}

/** The field in which the body broke off. */
function lastField(body: Buffer, boundary: string): string {
  const start = body.lastIndexOf(`--${boundary}\r\n`);
  const part = start < 0 ? '' : body.toString('utf8', start, body.indexOf('\r\n\r\n', start));
  return / name="([^"]*)"/.exec(part)?.[1] ?? '';
}

/** RFC 2046, section 5.1.1: the text between two delimiters is a part. */
function partsOfBody(body: Buffer, boundary: string): FormPart[] {
  const delimiter = `\r\n--${boundary}`;
  const parts: FormPart[] = [];
  let start = body.indexOf(delimiter.slice(2)) + delimiter.length - 2;
  for (;;) {
    const end = body.indexOf(delimiter, start);
    if (end < 0) return parts;
    const headEnd = body.indexOf('\r\n\r\n', start);
    const head = body.toString('utf8', start, headEnd).split('\r\n').filter(Boolean);
    parts.push(partOf(head, body.subarray(headEnd + 4, end)));
    start = end + delimiter.length;
  }
}

/** The package escapes names as we do: they stay as they are, and so does the rest of the head. */
function partOf(head: string[], bytes: Buffer): FormPart {
  const part: FormPart = { content: { bytes } };
  for (const line of head) {
    const [, name, filename] =
      /^Content-Disposition: form-data; name="([^"]*)"(?:; filename="([^"]*)")?$/.exec(line) ?? [];
    const type = /^Content-Type: (.*)$/.exec(line)?.[1];
    if (name !== undefined) Object.assign(part, { name }, filename === undefined ? {} : { filename });
    else if (type !== undefined) part.type = type;
    else part.headers = [...(part.headers ?? []), line];
  }
  if (part.filename === undefined && isUtf8(bytes)) part.content = { text: bytes.toString('utf8') };
  return part;
}
