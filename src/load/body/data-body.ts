import { type Body, type BodyOptions, bodyOf } from './body.js';
import { type Segment, stamped } from './segments.js';
import { SourceFiles } from './source-files.js';

/** The data that is uploaded instead of a form: curl's `-d` and its kin, `--json`, `-T`. */
export interface DataBody {
  parts: DataPart[];
  /** Absent: none is sent by default. */
  contentType?: string;
}

/** One `-d`, `--json` or `-T`. */
export interface DataPart {
  /** Standard input is read before the hunt. */
  content: { text: string } | { bytes: Buffer } | { path: string } | { stdin: true };
  /** The text between it and the part before: curl's `-d` joins by `&`. */
  glue?: string;
  /** How the content is changed: curl's `-d @file` removes line ends, `--data-urlencode` escapes. */
  change?: 'strip' | 'escape';
  /** Stands unchanged before the content: the `name=` of `--data-urlencode`. */
  prefix?: string;
}

/** Joins the parts. Throws a usage error for a file that cannot be read. */
export async function buildDataBody(data: DataBody, { unique = false }: BodyOptions = {}): Promise<Body> {
  const files = new SourceFiles();
  const segments: Segment[] = [];
  for (const [i, part] of data.parts.entries()) {
    if (i > 0 && part.glue) segments.push(Buffer.from(part.glue));
    if (part.prefix) segments.push(Buffer.from(part.prefix));
    const content = await contentOf(part, files);
    const isFile = part.change === undefined && !('text' in part.content);
    segments.push(...(unique && isFile ? stamped(content) : [content]));
  }
  return bodyOf(segments, data.contentType ?? '', files);
}

async function contentOf({ content, change }: DataPart, files: SourceFiles): Promise<Segment> {
  if ('stdin' in content) throw new TypeError('standard input is read before a body is built');
  if ('path' in content && change === undefined) return { file: await files.find(content.path), from: 0 };
  const bytes = 'path' in content ? await files.read(content.path) : bytesOf(content);
  if (change === 'strip' && !('text' in content))
    return bytes.filter(byte => !lineEnds.includes(byte)) as Buffer;
  return change === 'escape' ? Buffer.from(urlEncoded(bytes)) : bytes;
}

function bytesOf(content: { text: string } | { bytes: Buffer }): Buffer {
  return 'text' in content ? Buffer.from(content.text) : content.bytes;
}

/** CR, LF, and NUL, which curl removes as well. */
const lineEnds = [13, 10, 0];

/**
 * As in curl's `--data-urlencode`: unreserved characters (RFC 3986, section 2.3) stay, a space becomes a
 * plus.
 */
function urlEncoded(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[^\w.~-]/g, char => {
    return char === ' ' ? '+' : `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}
