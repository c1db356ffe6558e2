import { usageError } from '../../errors.js';
import { largestShared } from './body.js';
import { tooLarge } from './form.js';
import { type FormDataStream, partsOfStream } from './form-data-stream.js';
import type { FormPart } from './form-part.js';

/** A form from a caller of the library: parts, a standard `FormData`, or one of the `form-data` package. */
export type GivenForm = readonly FormPart[] | StandardFormData | FormDataStream;

/** The part that we use of a standard `FormData`: the global one, undici's, or another. */
export interface StandardFormData {
  entries(): Iterable<[string, string | FormFile]>;
}

/** The part that we use of a `File` in it. */
export interface FormFile {
  readonly name: string;
  /** A media type; empty if there is none. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * The parts of a form, with the files and streams in it read into memory once, 64 MiB at most: they are the
 * same in every upload. Rejects with a usage error (`BAD_FORM`) for a form that is empty, too large or cannot
 * be read, and for anything that is not a form.
 */
export async function partsOfForm(form: GivenForm, signal?: AbortSignal): Promise<FormPart[]> {
  if (isList(form)) return [...form];
  const parts = await partsIn(form, signal);
  if (parts.length > 0) return parts;
  throw usageError(
    'BAD_FORM',
    'The form is empty, perhaps because its streams were already sent: append a field or a file, or pass no form to send a generated file.',
  );
}

function isList(form: GivenForm): form is readonly FormPart[] {
  return Array.isArray(form);
}

async function partsIn(form: StandardFormData | FormDataStream, signal?: AbortSignal): Promise<FormPart[]> {
  if ('getBoundary' in form) return partsOfStream(form, signal);
  if ('entries' in form) return partsOfEntries(form);
  throw usageError(
    'BAD_FORM',
    'The form is not a form: pass a list of parts, a FormData, or a form of the form-data package.',
  );
}

/** As `fetch` sends them: WHATWG HTML, 4.10.21.8, and XMLHttpRequest, which names a plain Blob "blob". */
async function partsOfEntries(form: StandardFormData): Promise<FormPart[]> {
  const parts: FormPart[] = [];
  let bytes = 0;
  for (const [given, value] of form.entries()) {
    const name = withLineEnds(given);
    if (typeof value === 'string') {
      parts.push({ name, content: { text: withLineEnds(value) } });
      continue;
    }
    bytes += value.size;
    if (bytes > largestShared) throw tooLarge(`The file "${value.name}" in the field "${name}"`, name);
    const content = { bytes: Buffer.from(await value.arrayBuffer()) };
    const type = value.type || 'application/octet-stream';
    parts.push({ name, content, type, ...(value.name === '' ? {} : { filename: value.name }) });
  }
  return parts;
}

function withLineEnds(text: string): string {
  return text.replace(/\r\n?|\n/g, '\r\n');
}
