import { codeOf, type LeakhuntError, messageOf, usageError } from '../../errors.js';
import type { Streams } from '../program/streams.js';
import { type Destination, identityOf, placeOf } from './place.js';
import { check, write } from './write.js';

/** A file that a flag names. */
export interface WantedFile {
  /** As in `--json`. */
  flag: string;
  path: string;
}

export interface OutputFile extends WantedFile {
  /** Rejects with a sentence if it cannot be written. */
  write(text: string): Promise<void>;
}

/** The files that the flags of a command write, opened before the work. */
export interface Opened {
  /** Flags whose output goes to standard output. */
  toScreen: string[];
  files: OutputFile[];
}

/**
 * Checks that every file can be written, and that no two are the same file, so that mistakes fail before the
 * work: throws a usage error. `-` is standard output, and so is a path that leads there.
 */
export async function openFiles(wanted: readonly WantedFile[], streams: Streams): Promise<Opened> {
  const opened: Opened = { toScreen: [], files: [] };
  const owners = new Owners();
  for (const { flag, path } of wanted) {
    const place = await found(flag, path);
    await owners.add(place, flag, path);
    const isScreen = place.kind === 'descriptor' && place.fd === 1;
    if (isScreen) opened.toScreen.push(flag);
    else opened.files.push({ flag, path, write: text => written(place, text, { flag, path }, streams) });
  }
  await owners.addScreen(streams);
  return opened;
}

async function found(flag: string, path: string): Promise<Destination> {
  if (path === '-') return { kind: 'descriptor', fd: 1 };
  try {
    const place = await placeOf(path);
    await check(place);
    return place;
  } catch (error) {
    throw notWritable(flag, path, error);
  }
}

/** Looked up again: a hunt takes long, and the file may have become a link. */
async function written(
  place: Destination,
  text: string,
  { flag, path }: WantedFile,
  { stderr }: Streams,
): Promise<void> {
  try {
    if (place.kind === 'descriptor' && place.fd === 2) stderr.write(text);
    else await write(place.kind === 'descriptor' ? place : await placeOf(path), text);
  } catch (error) {
    throw notWritable(flag, path, error);
  }
}

/** Who writes which file: each file has one writer. */
export class Owners {
  readonly #owners = new Map<string, string>();

  /** Throws a usage error if another flag writes it already. */
  async add(place: Destination, owner: string, path: string): Promise<void> {
    const identity = await identityOf(place);
    if (identity === undefined) return;
    const other = this.#owners.get(identity);
    if (other !== undefined) throw shared(place, other, owner, path);
    this.#owners.set(identity, owner);
  }

  /** Standard output, if a shell has redirected it to one of the files. */
  async addScreen({ stdout }: Streams): Promise<void> {
    if (stdout.fd !== 1) return;
    const screen = await identityOf({ kind: 'file', path: '/dev/stdout' }).catch(() => undefined);
    const other = screen === undefined ? undefined : this.#owners.get(screen);
    if (other === undefined) return;
    throw usageError(
      'BAD_OUTPUT',
      `${other} names the file that standard output goes to: choose another file, or - to write only that to standard output.`,
    );
  }
}

function shared(place: Destination, other: string, owner: string, path: string): LeakhuntError {
  const isScreen = place.kind === 'descriptor' && place.fd === 1;
  const what = isScreen ? 'Standard output' : `"${path}"`;
  const who = other === owner ? `${owner} twice` : `${other} and ${owner}`;
  const flags = other.startsWith('--');
  const next = flags ? 'give each its own file' : 'put {name} into its path';
  return usageError('BAD_OUTPUT', `${what} would be written by ${who}: ${next}.`);
}

function notWritable(flag: string, path: string, error: unknown): LeakhuntError {
  const code = codeOf(error);
  const why =
    code === 'ENOENT'
      ? 'its folder does not exist'
      : code === 'ENOSPC'
        ? 'the disk is full'
        : messageOf(error);
  return usageError(
    'BAD_OUTPUT',
    `${flag} "${path}" could not be written (${why}): choose a file in an existing folder with enough space.`,
  );
}
