import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasGone, ownerName, ownerPattern } from './owner.js';

/** What leakhunt makes temp folders for. */
const kinds = ['target', 'agents', 'demo', 'files', 'recording'] as const;
const ownName = new RegExp(`^leakhunt-(?:${kinds.join('|')})-(${ownerPattern})-\\w+$`);

/**
 * Makes a temp folder that names this process as its owner, and removes those of owners that were killed and
 * could not do it themselves. Rejects if none can be made.
 */
export async function makeOwnFolder(kind: (typeof kinds)[number]): Promise<string> {
  await removeLeft(tmpdir());
  return mkdtemp(join(tmpdir(), `leakhunt-${kind}-${await ownerName()}-`));
}

async function removeLeft(place: string): Promise<void> {
  for (const name of await readdir(place).catch(() => [])) {
    const owner = ownName.exec(name)?.[1];
    if (owner === undefined || !(await hasGone(owner))) continue;
    const path = join(place, name);
    // In a folder that everybody may write to, a name alone proves nothing.
    const found = await lstat(path).catch(() => undefined);
    if (!found?.isDirectory() || found.uid !== process.geteuid?.()) continue;
    await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}
