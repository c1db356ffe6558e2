import { type Dirent, lstatSync, readdirSync, type Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder with more entries is not counted: the count would cost more than it tells. */
export const mostEntries = 50_000;

/**
 * How many files are looked at concurrently: as many as Node has threads for it keep the disk's cache busy.
 */
const together = 64;

/** Regular files below a folder. */
export interface FileCount {
  count: number;
  bytes: number;
  /** The path and the size in bytes of each, if they were asked for. */
  list: { path: string; size: number }[];
}

/** What each file was when it was last looked at; a file in it is not looked at again. */
export type KnownFiles = Map<string, Pick<Stats, 'ctimeMs' | 'uid' | 'size'>>;

/**
 * Counts regular files in a folder and four levels of folders below it that appeared since a moment (ms since
 * the epoch); undefined if there are too many. Symbolic links are not followed. In a folder that has not
 * changed since then, files are skipped: none has appeared.
 */
export async function filesIn(
  folder: string,
  since = Number.NEGATIVE_INFINITY,
  uid?: number,
  listed = false,
  known: KnownFiles = new Map(),
): Promise<FileCount | undefined> {
  const total: FileCount = { count: 0, bytes: 0, list: [] };
  let entries = 0;

  async function visit(path: string, depth: number): Promise<void> {
    const changed = since === Number.NEGATIVE_INFINITY || (await changedSince(path, since));
    const files: string[] = [];
    for (const entry of await readdir(path, { withFileTypes: true }).catch((): Dirent[] => [])) {
      entries += 1;
      if (entries > mostEntries) return;
      const name = join(path, entry.name);
      if (entry.isDirectory() && depth < 4) await visit(name, depth + 1);
      if (changed && entry.isFile()) files.push(name);
    }
    for (let i = 0; i < files.length; i += together)
      await Promise.all(files.slice(i, i + together).map(countIn));
  }

  async function countIn(name: string): Promise<void> {
    const stat = known.get(name) ?? (await lstat(name).catch(() => undefined));
    if (!stat) return;
    known.set(name, stat);
    if (stat.ctimeMs < since || (uid !== undefined && stat.uid !== uid)) return;
    total.count += 1;
    total.bytes += stat.size;
    if (listed) total.list.push({ path: name, size: stat.size });
  }

  await visit(folder, 0);
  return entries > mostEntries ? undefined : total;
}

async function changedSince(folder: string, since: number): Promise<boolean> {
  const stat = await lstat(folder).catch(() => undefined);
  return stat !== undefined && stat.mtimeMs >= since;
}

/**
 * Milliseconds: what changed this recently may change again within the same tick of the file system's clock.
 */
const fresh = 100;

/**
 * Counts the files in a folder and four levels of folders below it, again only after one of these folders has
 * changed.
 */
export class FolderCount {
  bytes = 0;
  list: FileCount['list'] = [];
  #folders = new Map<string, number>();
  #countedAt = 0;

  constructor(readonly path: string) {}

  count(): this {
    if (this.#hasChanged()) {
      this.#countedAt = Date.now();
      this.#folders.clear();
      this.list = [];
      this.#visit(this.path, 0);
      this.bytes = this.list.reduce((sum, { size }) => sum + size, 0);
    }
    return this;
  }

  #hasChanged(): boolean {
    if (this.#folders.size === 0) return true;
    return [...this.#folders].some(([path, before]) => {
      const now = changeOf(path);
      return now !== before || now > this.#countedAt - fresh;
    });
  }

  #visit(path: string, depth: number): void {
    this.#folders.set(path, changeOf(path));
    for (const entry of entriesOf(path)) {
      const name = join(path, entry.name);
      if (entry.isDirectory() && depth < 4) this.#visit(name, depth + 1);
      if (!entry.isFile()) continue;
      const stat = lstatSync(name, { throwIfNoEntry: false });
      if (stat) this.list.push({ path: name, size: stat.size });
    }
  }
}

function changeOf(path: string): number {
  return lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function entriesOf(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
}
