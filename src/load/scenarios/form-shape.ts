import { usageError } from '../../errors.js';
import type { Body } from '../body/body.js';
import { nameOf, type Scenario } from '../scenario.js';

/** What has to be known about a multipart body to spoil it. */
export interface FormShape {
  boundary: string;
  /** Bytes of the closing delimiter, including its line ends: the last ones of the body. */
  closing: number;
  /** The name of the field of the first file, or of the first field. */
  field: string;
}

/** How far into a body its first file is looked for, in bytes. */
const longestLook = 64 * 1024;

/** The shape of a body that is a form. Throws a usage error for any other, which `scenario` cannot spoil. */
export async function shapeOf(body: Body, scenario: Scenario): Promise<FormShape> {
  const boundary = boundaryOf(body);
  if (boundary === undefined) {
    throw usageError(
      'BAD_SCENARIO',
      `--scenario "${nameOf(scenario)}" needs a form: send one with -F, or use abort, stall or truncate@50%.`,
    );
  }
  const start = await startOf(body);
  const names = dispositionsIn(start).filter(({ name }) => name !== undefined);
  const first = names.find(({ isFile }) => isFile) ?? names[0];
  return { boundary, closing: lastWords(body), field: first?.name ?? 'file' };
}

/**
 * Bytes without which a server cannot take a body for whole: the closing delimiter of a form, the last byte
 * of any other body.
 */
export function lastWords(body: Body): number {
  const boundary = boundaryOf(body);
  return boundary === undefined ? Math.min(1, body.size) : `\r\n--${boundary}--\r\n`.length;
}

/** Where the content of the first file of a body begins, or of its first part; 0 where it has no parts. */
export async function contentStart(body: Body): Promise<number> {
  if (boundaryOf(body) === undefined) return 0;
  const start = await startOf(body);
  const file = dispositionsIn(start).find(({ isFile }) => isFile)?.at ?? 0;
  const end = start.indexOf('\r\n\r\n', file);
  return end < 0 ? 0 : end + 4;
}

interface Disposition {
  /** Where its line begins. */
  at: number;
  name?: string;
  isFile: boolean;
}

/** The Content-Disposition of each part, line by line; the content of files is searched as well. */
function dispositionsIn(start: string): Disposition[] {
  const found: Disposition[] = [];
  let at = 0;
  for (const line of start.split('\n')) {
    if (/^content-disposition:/i.test(line)) {
      found.push({ at, name: /[\s;]name="([^"\r]*)"/i.exec(line)?.[1], isFile: /filename/i.test(line) });
    }
    at += line.length + 1;
  }
  return found;
}

function boundaryOf({ contentType }: Body): string | undefined {
  return /^multipart\/.*\bboundary="?([^";\s]+)/i.exec(contentType)?.[1];
}

async function startOf(body: Body): Promise<string> {
  const source = body.open(0);
  if (Buffer.isBuffer(source)) return source.toString('latin1', 0, longestLook);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= longestLook) break;
  }
  return Buffer.concat(chunks).toString('latin1', 0, longestLook);
}
