import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Past this many entries a folder is not counted: the count would cost more than it tells. */
export const mostEntries = 50_000;

/** Regular files below a folder. */
export interface Files {
  count: number;
  bytes: number;
  /** Each one's path and size in bytes, where they were asked for. */
  list: { path: string; size: number }[];
}

/**
 * Regular files in a folder and four levels of folders below it that came since a moment (ms since the epoch);
 * undefined where there are too many to look at. Symbolic links are not followed. Of a folder whose own time of
 * change is older, the files are passed over: none has come.
 */
export async function filesIn(
  folder: string,
  since = Number.NEGATIVE_INFINITY,
  uid?: number,
  listed = false,
): Promise<Files | undefined> {
  const total: Files = { count: 0, bytes: 0, list: [] };
  let entries = 0;

  async function visit(path: string, depth: number): Promise<void> {
    const changed = since === Number.NEGATIVE_INFINITY || (await changedSince(path, since));
    for (const entry of await readdir(path, { withFileTypes: true }).catch(() => [])) {
      entries += 1;
      if (entries > mostEntries) return;
      const name = join(path, entry.name);
      if (entry.isDirectory() && depth < 4) await visit(name, depth + 1);
      if (!changed || !entry.isFile()) continue;
      const stat = await lstat(name).catch(() => undefined);
      if (!stat || stat.ctimeMs < since || (uid !== undefined && stat.uid !== uid)) continue;
      total.count += 1;
      total.bytes += stat.size;
      if (listed) total.list.push({ path: name, size: stat.size });
    }
  }
  await visit(folder, 0);
  return entries > mostEntries ? undefined : total;
}

async function changedSince(folder: string, since: number): Promise<boolean> {
  const stat = await lstat(folder).catch(() => undefined);
  return stat !== undefined && stat.mtimeMs >= since;
}
