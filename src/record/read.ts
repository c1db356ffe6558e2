import { createReadStream } from 'node:fs';
import { messageOf, usageError } from '../errors.js';
import { nonconformity } from './conforms.js';
import type { Hunt } from './record.js';
import { recordSchema } from './schema.js';

/** Bytes. A record of thousands of rounds has some ten million. */
const largest = 64 * 2 ** 20;
const longestReason = 300;
/** A deeper value could not be written again: JSON is written by recursion. */
const deepest = 64;

/** A record from a file, or from standard input. Throws a usage error that says what is wrong with it. */
export async function readRecord(path: string, stdin: AsyncIterable<unknown> = process.stdin): Promise<Hunt> {
  const name = path === '-' ? 'Standard input' : `"${path}"`;
  const source = path === '-' ? stdin : createReadStream(path);
  return recordIn(await contentOf(source, name), name);
}

async function contentOf(source: AsyncIterable<unknown>, name: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of source) {
      const buffer = Buffer.from(chunk as Buffer | string);
      bytes += buffer.length;
      if (bytes > largest) throw new Error('it is larger than 64 MiB');
      chunks.push(buffer);
    }
  } catch (error) {
    throw usageError(
      'BAD_RECORD',
      `${name} could not be read (${messageOf(error)}): give a file written by --json.`,
    );
  }
  return Buffer.concat(chunks)
    .toString()
    .replace(/^\ufeff/, '');
}

/** The record in a text from any source: nothing in it is trusted to have the right form. */
export function recordIn(text: string, name: string): Hunt {
  const value = parsed(text, name);
  const version = value.schemaVersion;
  if (typeof version === 'number' && version > 1) {
    throw usageError(
      'NEWER_RECORD',
      `${name} could not be read, because its schemaVersion ${version} is newer than this leakhunt: use the version that wrote it.`,
    );
  }
  const record = withNewerKeys(value);
  const wrong = isDeep(record)
    ? `it is nested more than ${deepest} deep`
    : nonconformity(record, recordSchema);
  if (wrong) {
    throw usageError(
      'BAD_RECORD',
      `${name} is not a record of a hunt (${wrong.slice(0, longestReason)}): give a file written by --json.`,
    );
  }
  return record as unknown as Hunt;
}

/** Also checks keys that the schema does not know. */
function isDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; depth < deepest && level.length > 0; depth += 1) {
    level = level.flatMap(each => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return level.length > 0;
}

function parsed(text: string, name: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw usageError(
      'BAD_RECORD',
      `${name} is not JSON (${messageOf(error)}): give a file written by --json.`,
    );
  }
  if (typeof value === 'object' && value !== null && 'schemaVersion' in value) {
    return value as Record<string, unknown>;
  }
  throw usageError(
    'BAD_RECORD',
    `${name} is not a record of a hunt (schemaVersion is missing): give a file written by --json.`,
  );
}

/** Fields that the first records of version 1 did not have yet. */
function withNewerKeys(record: Record<string, unknown>): Record<string, unknown> {
  const newer = { scenario: 'complete', culprits: [], explained: [], warnings: [] };
  return { ...record, ...Object.fromEntries(Object.entries(newer).filter(([key]) => !(key in record))) };
}
