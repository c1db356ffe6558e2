import { readFileSync } from 'node:fs';
import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { codeOf } from '../../errors.js';

/** What an output's path leads to. */
export type Destination =
  /** An open stream: standard output, standard error, or one that a shell has opened (`>(gzip)`). */
  | { kind: 'descriptor'; fd: number }
  /** A regular file, which may not exist yet, behind all links. */
  | { kind: 'file'; path: string }
  | { kind: 'pipe'; path: string }
  | { kind: 'device'; path: string };

/** As many as Linux follows (path_resolution(7)). */
const mostLinks = 40;

/** Follows a path to what would be written. Rejects if that cannot be written to. */
export async function placeOf(path: string): Promise<Destination> {
  let at = resolve(path);
  for (let links = 0; links < mostLinks; links += 1) {
    at = join(await realpath(dirname(at)), basename(at));
    const fd = descriptorOf(at);
    if (fd !== undefined) return { kind: 'descriptor', fd };
    const found = await lstat(at).catch(unlessMissing);
    if (!found) return { kind: 'file', path: at };
    // The target of a link in /proc has no path: it is opened as it is.
    if (!found.isSymbolicLink() || at.startsWith('/proc/')) return kindOf(at);
    at = resolve(dirname(at), await readlink(at));
  }
  throw new Error('too many symbolic links');
}

async function kindOf(path: string): Promise<Destination> {
  const found = await stat(path);
  if (found.isFile()) return path.startsWith('/proc/') ? { kind: 'device', path } : { kind: 'file', path };
  if (found.isFIFO()) return { kind: 'pipe', path };
  if (found.isCharacterDevice()) return { kind: 'device', path };
  throw new Error(found.isDirectory() ? 'it is a folder' : 'it is neither a file, a pipe nor a terminal');
}

/** The descriptor of this process that a path names. Throws if it was not inherited. */
function descriptorOf(path: string): number | undefined {
  const [, number] =
    new RegExp(`^(?:/dev/fd|/proc/(?:self|${process.pid})(?:/task/\\d+)?/fd)/(\\d+)$`).exec(path) ?? [];
  if (number === undefined) return undefined;
  const fd = Number(number);
  if (fd > 2 && !isInherited(fd)) throw new Error(`descriptor ${fd} is not open`);
  return fd;
}

/** Node opens all its own files to be closed in children: O_CLOEXEC, 02000000 (proc_pid_fdinfo(5)). */
function isInherited(fd: number): boolean {
  try {
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
    return (Number.parseInt(flags!, 8) & 0o2000000) === 0;
  } catch {
    return process.platform !== 'linux';
  }
}

/**
 * A key that is the same for every path of one file, through any links; undefined for a device, which all may
 * write to.
 */
export async function identityOf(place: Destination): Promise<string | undefined> {
  if (place.kind === 'device') return undefined;
  if (place.kind === 'descriptor') return `descriptor ${place.fd}`;
  const found = await stat(place.path).catch(unlessMissing);
  return found ? `${found.dev}:${found.ino}` : place.path;
}

function unlessMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}
