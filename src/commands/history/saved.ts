import { mkdirSync, writeFileSync } from 'node:fs';
import { link, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, messageOf, usageError } from '../../errors.js';
import { readRecord } from '../../record/read.js';
import type { Hunt } from '../../record/record.js';
import { json } from '../../reports/json.js';
import { verdictWord } from '../../reports/text/self-usage.js';
import { ownerName } from '../../target/processes/owner.js';

/** Where hunts are kept, in the folder that leakhunt runs in. */
export const savedFolder = '.leakhunt';

/** How many are kept by default. */
export const defaultKept = 20;

/** `2026-11-23T03-21-07Z-leak.json`: sorts by time, and matches nothing that leakhunt did not write. */
const savedName = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-[a-z-]+(?:\.\d+)?\.json$/;

/** Makes the folder where hunts are kept, ignored by git, and returns its path. */
export function savedHome(folder: string): string {
  const home = join(folder, savedFolder);
  try {
    mkdirSync(home);
    writeFileSync(join(home, '.gitignore'), '*\n', { flag: 'wx' });
  } catch (error) {
    unlessThere(error);
  }
  return home;
}

/**
 * Keeps a hunt in `folder`'s `.leakhunt`, and only the newest `keep` of those in it. Resolves to the file's
 * path relative to `folder`; rejects if it cannot be written.
 */
export async function saveHunt(hunt: Hunt, folder: string, keep: number): Promise<string> {
  const home = savedHome(folder);
  const part = join(home, `.${timeIn(hunt.leakhunt.startedAt)}.${await ownerName()}.part`);
  try {
    await writeFile(part, json(hunt));
    const name = await named(part, home, hunt);
    for (const old of (await savedIn(home)).slice(0, -keep)) await rm(join(home, old), { force: true });
    return join(savedFolder, name);
  } finally {
    await rm(part, { force: true });
  }
}

/**
 * The newest readable hunt that is kept in `folder`; reports each that cannot be read. Throws a usage error
 * if there is none.
 */
export async function newestSaved(folder: string, tell: (note: string) => void): Promise<Hunt> {
  const home = join(folder, savedFolder);
  for (const name of (await savedIn(home).catch(() => [])).toReversed()) {
    try {
      return await readRecord(join(home, name));
    } catch (error) {
      tell(`${join(savedFolder, name)} is skipped: ${messageOf(error)}`);
    }
  }
  throw usageError(
    'NO_RECORD',
    `There is no record in ${savedFolder}/: give a file written by --json, or hunt first.`,
  );
}

/** How the names of kept files begin. */
export function timeIn(startedAt: string): string {
  return startedAt.replace(/\.\d+/, '').replaceAll(':', '-');
}

/** The oldest first. */
async function savedIn(home: string): Promise<string[]> {
  const names = await readdir(home);
  return names.filter(name => savedName.test(name)).sort(byTime);
}

/** Within one second, those with a number are the later ones. */
function byTime(a: string, b: string): number {
  const key = (name: string) => [name.slice(0, 20), Number(/\.(\d+)\.json$/.exec(name)?.[1] ?? 0)] as const;
  const [timeA, numberA] = key(a);
  const [timeB, numberB] = key(b);
  return timeA === timeB ? numberA - numberB : timeA < timeB ? -1 : 1;
}

/** Gives a whole record a name that no other hunt of the same second has. */
async function named(part: string, home: string, hunt: Hunt): Promise<string> {
  const time = timeIn(hunt.leakhunt.startedAt);
  const stem = `${time}-${verdictWord(hunt).replaceAll(' ', '-')}`;
  const before = (await savedIn(home)).filter(name => name.startsWith(time)).length;
  for (let number = before + 1; ; number += 1) {
    const name = number === 1 ? `${stem}.json` : `${stem}.${number}.json`;
    try {
      await asNew(part, join(home, name));
      return name;
    } catch (error) {
      unlessThere(error);
    }
  }
}

/** Rejects with EEXIST if a file of that name exists. Not every file system has links: vfat has none. */
async function asNew(part: string, path: string): Promise<void> {
  try {
    await link(part, path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw error;
    await (await open(path, 'wx')).close();
    await rename(part, path);
  }
}

function unlessThere(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') throw error;
}
