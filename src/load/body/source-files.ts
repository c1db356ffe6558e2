import { access, constants, type FileHandle, open, readFile, stat } from 'node:fs/promises';
import { codeOf, type LeakhuntError, messageOf, usageError } from '../../errors.js';

/** A file as it was when the body was made. */
export interface KnownFile {
  path: string;
  /** Bytes. */
  size: number;
  mtimeMs: number;
}

/** The files that a body is made from. */
export class SourceFiles {
  readonly #known = new Map<string, KnownFile>();

  /** Looks a file up. Throws a usage error if it does not exist or cannot be read. */
  async find(path: string): Promise<KnownFile> {
    const known = this.#known.get(path);
    if (known) return known;
    try {
      const found = await stat(path); // before it is opened: opening a pipe would wait for its other end
      if (found.isDirectory()) throw usageError('BAD_FILE', `"${path}" is a folder: give a file to upload.`);
      if (!found.isFile()) {
        throw usageError('BAD_FILE', `"${path}" is not a regular file: give a file to upload.`);
      }
      await access(path, constants.R_OK);
      const file = { path, size: found.size, mtimeMs: found.mtimeMs };
      this.#known.set(path, file);
      return file;
    } catch (error) {
      throw unreadable(path, error);
    }
  }

  /** The whole content of a file. Throws a usage error as `find` does. */
  async read(path: string): Promise<Buffer> {
    await this.find(path);
    try {
      return await readFile(path);
    } catch (error) {
      throw unreadable(path, error);
    }
  }

  /** Throws a usage error for a file that has changed: uploads of two kinds are no measurement. */
  async verify(): Promise<void> {
    for (const file of this.#known.values()) {
      const now = await stat(file.path).catch(() => undefined);
      if (now === undefined) throw changed(file, 'is gone');
      if (now.size !== file.size || now.mtimeMs !== file.mtimeMs) throw changed(file, 'has changed');
    }
  }
}

/**
 * The content of a file from an offset on, while it is the file that was looked up; else throws a usage
 * error.
 */
export async function* bytesOf(file: KnownFile, from: number): AsyncGenerator<Buffer> {
  let handle: FileHandle;
  try {
    handle = await open(file.path);
  } catch {
    throw changed(file, 'is gone');
  }
  let left = file.size - from;
  try {
    await check(handle, file);
    while (left > 0) {
      // A fresh buffer each time: the one before it may still be in use.
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(Math.min(left, 256 * 1024)));
      if (bytesRead === 0) throw changed(file, 'has changed');
      left -= bytesRead;
      // After the last bytes, the server acts on the upload: they go out only if the file has not changed.
      if (left === 0) await check(handle, file);
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function check(handle: FileHandle, file: KnownFile): Promise<void> {
  const { size, mtimeMs } = await handle.stat();
  if (size !== file.size || mtimeMs !== file.mtimeMs) throw changed(file, 'has changed');
}

function changed({ path }: KnownFile, what: string): LeakhuntError {
  return usageError(
    'FILE_CHANGED',
    `"${path}" ${what} since the hunt started, but every upload must be the same: do not touch the file during the hunt, or upload a copy.`,
  );
}

function unreadable(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === 'ENOENT') return usageError('BAD_FILE', `There is no file "${path}": check the path.`);
  if (code === 'EACCES' || code === 'EPERM') {
    return usageError(
      'BAD_FILE',
      `The file "${path}" could not be read (permission denied): check its permissions.`,
    );
  }
  if (!code?.startsWith('E')) return error;
  return usageError('BAD_FILE', `The file "${path}" could not be read: ${messageOf(error)}.`, {
    cause: error,
  });
}
