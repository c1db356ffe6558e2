import { open, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, usageError } from '../../errors.js';
import type { Hunt } from '../../hunt/record.js';
import { json } from '../../reports/json.js';
import { verdictWord } from '../../reports/words/self-wording.js';
import { makeFolder } from '../outputs/folder.js';
import { replaceFile } from '../outputs/write.js';

/** Where hunts are kept, in the folder that leakhunt runs in. */
export const savedFolder = '.leakhunt';

/** How many are kept where nothing else is said. */
export const defaultKept = 20;

/** `2026-11-23T03-21-07Z-leak.json`: sorts by time, and names nothing that leakhunt did not write. */
const savedName = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-[a-z-]+(?:\.\d+)?\.json$/;

/**
 * Keeps a hunt in `folder`'s `.leakhunt`, and of those in it the newest `keep`. Resolves to the file's path from
 * `folder` on; rejects where it cannot be written.
 */
export async function saveHunt(hunt: Hunt, folder: string, keep: number): Promise<string> {
  const home = join(folder, savedFolder);
  await makeFolder(home);
  await writeFile(join(home, '.gitignore'), '*\n', { flag: 'wx' }).catch(unlessThere);
  const name = await ownName(home, hunt);
  try {
    await replaceFile(join(home, name), json(hunt));
  } catch (error) {
    await rm(join(home, name), { force: true });
    throw error;
  }
  for (const old of (await savedIn(home)).slice(0, -keep)) await rm(join(home, old), { force: true });
  return join(savedFolder, name);
}

/** The newest hunt that is kept in `folder`. Throws a usage error where there is none. */
export async function newestSaved(folder: string): Promise<string> {
  const home = join(folder, savedFolder);
  const newest = (await savedIn(home).catch(() => [])).at(-1);
  if (newest !== undefined) return join(home, newest);
  throw usageError(
    'NO_RECORD',
    `There is no record in ${savedFolder}/: name a file written by --json, or hunt first.`,
  );
}

/** The oldest first. */
async function savedIn(home: string): Promise<string[]> {
  const names = await readdir(home);
  return names.filter(name => savedName.test(name)).sort(byTime);
}

/** Of the same second, those with a number are the later ones. */
function byTime(a: string, b: string): number {
  const key = (name: string) => [name.slice(0, 20), Number(/\.(\d+)\.json$/.exec(name)?.[1] ?? 0)] as const;
  const [timeA, numberA] = key(a);
  const [timeB, numberB] = key(b);
  return timeA === timeB ? numberA - numberB : timeA < timeB ? -1 : 1;
}

/** A name that no other hunt of the same second has, taken by an empty file. */
async function ownName(home: string, hunt: Hunt): Promise<string> {
  const time = hunt.leakhunt.startedAt.replace(/\.\d+/, '').replaceAll(':', '-');
  const stem = `${time}-${verdictWord(hunt).replaceAll(' ', '-')}`;
  const before = (await savedIn(home)).filter(name => name.startsWith(time)).length;
  for (let number = before + 1; ; number += 1) {
    const name = number === 1 ? `${stem}.json` : `${stem}.${number}.json`;
    try {
      await (await open(join(home, name), 'wx')).close();
      return name;
    } catch (error) {
      unlessThere(error);
    }
  }
}

function unlessThere(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') throw error;
}
