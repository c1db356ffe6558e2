import { randomBytes } from 'node:crypto';
import { usageError } from '../../errors.js';
import { encode } from './encoders.js';
import type { FormPart, PartContent } from './form-part.js';
import { linesOf, typeByEnding } from './part-headers.js';
import { type FileSlice, type Segment, sizeOf, stamped, stampWidth } from './segments.js';
import type { SourceFiles } from './source-files.js';

/** How a form is framed, if not as curl does by default. */
export interface MultipartFraming {
  /** Replaces multipart/form-data, as with curl's `-H 'Content-Type: multipart/mixed'`. */
  type?: string;
  /** Escape names by a backslash instead of a percent sign, as curl's `--form-escape` does. */
  backslash?: boolean;
}

/** A multipart that is being written: what is the same for all its parts. */
interface PartFrame {
  framing: MultipartFraming & { unique?: boolean };
  files: SourceFiles;
  /** `form-data`, or `attachment` in a multipart that is not a form (RFC 2183). */
  disposition: string;
}

/** A part is held in memory while its content is encoded. */
const largestEncoded = 64 * 2 ** 20;

/**
 * Frames parts byte for byte as curl 7.88 does (its `lib/mime.c`; RFC 7578, RFC 2046): a type only for files
 * and where one is given, quotes and line ends in names percent-escaped (WHATWG HTML, 4.10.21.8), and a
 * boundary of 24 dashes and 16 hexadecimal digits. Throws a usage error for a file that cannot be read.
 */
export async function frame(
  parts: readonly FormPart[],
  framing: PartFrame['framing'],
  files: SourceFiles,
): Promise<{ contentType: string; segments: Segment[] }> {
  const type = framing.type ?? 'multipart/form-data';
  const boundary = newBoundary();
  const disposition = dispositionIn(type);
  const segments = await framed(parts, boundary, { framing, files, disposition });
  return { contentType: `${type}; boundary=${boundary}`, segments };
}

async function framed(parts: readonly FormPart[], boundary: string, frame: PartFrame): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const part of parts) {
    segments.push(
      Buffer.from(`--${boundary}\r\n`),
      ...(await partSegments(part, frame)),
      Buffer.from('\r\n'),
    );
  }
  return [...segments, Buffer.from(`--${boundary}--\r\n`)];
}

async function partSegments(part: FormPart, frame: PartFrame): Promise<Segment[]> {
  const own = await ownHeaders(part, frame.files);
  const given = part.type ?? own.find(([name]) => isName(name, 'content-type'))?.[1];
  if ('parts' in part.content) {
    const type = given ?? 'multipart/mixed';
    const boundary = newBoundary();
    const content = await framed(part.content.parts, boundary, {
      ...frame,
      disposition: dispositionIn(type),
    });
    return [...headersOf(part, own, `${type}; boundary=${boundary}`, frame), ...content];
  }
  const headers = headersOf(part, own, given ?? guessedType(part), frame);
  const content = await contentOf(part, frame.files);
  const unique = frame.framing.unique && part.filename !== undefined && part.encoder === undefined;
  return [...headers, ...(unique ? stamped(content) : [content])];
}

/** As in curl, a plain text field needs no type. */
function guessedType({ content, filename }: FormPart): string | undefined {
  const file = 'path' in content ? content.path : undefined;
  const type =
    typeByEnding(filename) ?? typeByEnding(file) ?? (file && filename && 'application/octet-stream');
  return type === 'text/plain' && filename === undefined ? undefined : type;
}

function headersOf(
  part: FormPart,
  own: [string, string, string][],
  type: string | undefined,
  frame: PartFrame,
): Segment[] {
  const has = (wanted: string) => own.some(([name]) => isName(name, wanted));
  const segments: Segment[] = [];
  if (!has('content-disposition')) segments.push(...dispositionOf(part, frame));
  const lines: string[] = [];
  if (type !== undefined) lines.push(`Content-Type: ${type}`);
  if (part.encoder && !has('content-transfer-encoding')) {
    lines.push(`Content-Transfer-Encoding: ${part.encoder}`);
  }
  lines.push(...own.filter(([name]) => !isName(name, 'content-type')).map(([, , line]) => line));
  return [...segments, Buffer.from(`${lines.map(line => `${line}\r\n`).join('')}\r\n`)];
}

function dispositionOf({ name, filename }: FormPart, frame: PartFrame): Segment[] {
  const bare = name === undefined && filename === undefined;
  // Outside of a form, a part without a name needs no disposition.
  if (bare && frame.disposition === 'attachment') return [];
  const { framing } = frame;
  const begin = `Content-Disposition: ${frame.disposition}${name === undefined ? '' : `; name="${escaped(name, framing)}"`}`;
  if (filename === undefined) return [Buffer.from(`${begin}\r\n`)];
  const shown = escaped(filename, framing);
  if (!framing.unique) return [Buffer.from(`${begin}; filename="${shown}"\r\n`)];
  const dot = shown.lastIndexOf('.');
  const stem = dot > 0 ? shown.slice(0, dot) : shown;
  return [
    Buffer.from(`${begin}; filename="${stem}-`),
    { width: stampWidth },
    Buffer.from(`${shown.slice(stem.length)}"\r\n`),
  ];
}

function escaped(text: string, { backslash }: MultipartFraming): string {
  if (!backslash) return text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  if (!/[\r\n]/.test(text)) return text.replace(/["\\]/g, '\\$&');
  throw usageError(
    'BAD_FORM',
    `--form-escape does not escape the line break in the name ${JSON.stringify(text)}, which breaks the form: remove one of them.`,
  );
}

async function contentOf(part: FormPart, files: SourceFiles): Promise<Segment> {
  const { content, encoder } = part;
  const segment = await rawContent(content, files);
  if (encoder === undefined) return segment;
  const shown = 'path' in content ? `"${content.path}"` : `-F "${part.name ?? ''}=…"`;
  if (sizeOf([segment]) > largestEncoded) {
    throw usageError(
      'BAD_FORM',
      `${shown} is larger than 64 MiB, which is too large to encode: remove ;encoder=.`,
    );
  }
  return encode(Buffer.isBuffer(segment) ? segment : await files.read(segment.file.path), encoder, shown);
}

async function rawContent(content: PartContent, files: SourceFiles): Promise<Buffer | FileSlice> {
  if ('text' in content) return Buffer.from(content.text);
  if ('bytes' in content) return content.bytes;
  if ('path' in content) return { file: await files.find(content.path), from: 0 };
  throw new TypeError('standard input and parts are resolved before a part is framed');
}

/** The name, value and line of each header that a part has of its own. */
async function ownHeaders(
  { headers = [] }: FormPart,
  files: SourceFiles,
): Promise<[string, string, string][]> {
  const lines: string[] = [];
  for (const header of headers) {
    if (typeof header === 'string') lines.push(header);
    else lines.push(...linesOf((await files.read(header.path)).toString()));
  }
  return lines.map(line => {
    const colon = line.indexOf(':');
    return [line.slice(0, Math.max(colon, 0)), line.slice(colon + 1).trim(), line];
  });
}

function dispositionIn(type: string): string {
  return /^multipart\/form-data\s*(;|$)/i.test(type) ? 'form-data' : 'attachment';
}

function isName(name: string, wanted: string): boolean {
  return name.toLowerCase() === wanted;
}

function newBoundary(): string {
  return `${'-'.repeat(24)}${randomBytes(8).toString('hex')}`;
}
