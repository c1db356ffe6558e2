import { randomBytes } from 'node:crypto';
import { constants, fstatSync, openSync, type Stats, writeSync } from 'node:fs';
import { access, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../../errors.js';
import type { Destination } from './place.js';

/** Checks that a place can be written to, without changing it. */
export async function check(place: Destination): Promise<void> {
  if (place.kind === 'descriptor') {
    fstatSync(place.fd);
    return;
  }
  const exists = await isThere(place.path);
  if (exists) await access(place.path, constants.W_OK);
  if (place.kind !== 'file' || (exists && !(await isReplaceable(place.path)))) return;
  const part = partOf(place.path);
  await (await open(part, 'wx')).close();
  await rm(part);
}

/**
 * Writes a text: to a file atomically (all of it, or the file stays as it was), to anything else directly.
 */
export async function write(place: Destination, text: string): Promise<void> {
  if (place.kind === 'descriptor') await toDescriptor(place.fd, text);
  else if (place.kind === 'pipe') await toPipe(place.path, text);
  else if (place.kind === 'device') await writeFile(place.path, text);
  else if (!(await isThere(place.path)) || (await isReplaceable(place.path)))
    await replaceFile(place.path, text);
  else await writeFile(place.path, text);
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/**
 * Whether replacing a file makes no difference to others: it has no other name, and its owner can be kept.
 */
async function isReplaceable(path: string): Promise<boolean> {
  const { nlink, uid } = await stat(path);
  const own = process.geteuid?.();
  const writable = await access(dirname(path), constants.W_OK).then(
    () => true,
    () => false,
  );
  return nlink === 1 && writable && (own === undefined || own === 0 || own === uid);
}

function partOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}`);
}

/** Writes beside a file and renames it into place once it is complete, with the old file's mode and owner. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const part = partOf(path);
  try {
    const before = await stat(path).catch(() => undefined);
    const file = await open(part, 'wx');
    try {
      if (before) await keep(before, file);
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function keep({ uid, gid, mode }: Stats, file: Awaited<ReturnType<typeof open>>): Promise<void> {
  const own = await file.stat();
  if (own.uid !== uid || own.gid !== gid) await file.chown(uid, gid);
  await file.chmod(mode & 0o7777);
}

async function toDescriptor(fd: number, text: string): Promise<void> {
  const found = fstatSync(fd);
  if (found.isFIFO() || found.isSocket()) return toSocket(fd, text, false);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

/** How long a named pipe waits for a reader, and a reading one for its next byte to be taken (ms). */
const longestWait = { reader: 2_000, progress: 30_000 };

/** Opening a pipe that nobody reads would wait for ever, in a thread that even an exit waits for. */
async function toPipe(path: string, text: string): Promise<void> {
  for (const start = performance.now(); ; await sleep(50)) {
    try {
      const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      return await toSocket(fd, text, true);
    } catch (error) {
      if (codeOf(error) !== 'ENXIO') throw error;
      if (performance.now() - start > longestWait.reader) throw new Error('nobody reads the pipe');
    }
  }
}

function toSocket(fd: number, text: string, close: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new Socket({ fd, readable: false, writable: true });
    socket.setTimeout(longestWait.progress, () => socket.destroy(new Error('its reader takes no more')));
    socket.once('error', reject);
    socket.write(text, error => {
      if (error) return;
      resolve();
      if (close) socket.destroy();
      else socket.setTimeout(0).unref();
    });
  });
}
