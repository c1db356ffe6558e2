import { lstatSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { type Folder, fileOwnersOf } from '../../target/processes/temp-folders.js';
import { FolderWatch } from './folder-watch.js';

/**
 * No more folders are watched: each takes one of the kernel's watches, of which a user has some thousands.
 */
const mostWatches = 64;
const mostBelow = 24;

/** The folders in which files of the target may appear, each watched once. */
export class WatchedFolders {
  readonly #watches = new Map<string, FolderWatch>();

  [Symbol.iterator](): IterableIterator<FolderWatch> {
    return this.#watches.values();
  }

  /** The watch of the folder; undefined if there are too many watches already. */
  watch(folder: Folder): FolderWatch | undefined {
    const known = this.#watches.get(folder.path);
    if (known || this.#watches.size >= mostWatches) return known;
    const watch = new FolderWatch(folder);
    this.#watches.set(folder.path, watch);
    return watch;
  }

  /**
   * Watches the folders below that belong to the processes' users, level by level, those that changed last
   * first.
   */
  async watchBelow(folders: readonly Folder[], depth: number, pids: readonly number[]): Promise<void> {
    if (depth === 0 || folders.length === 0 || this.#watches.size >= mostWatches) return;
    const owners = fileOwnersOf(pids);
    const below: { folder: Folder; changed: number }[] = [];
    for (const { path, name } of folders) {
      for (const entry of await readdir(path, { withFileTypes: true }).catch(() => [])) {
        if (!entry.isDirectory()) continue;
        const folder = { path: join(path, entry.name), name: join(name, entry.name) };
        const stat = lstatSync(folder.path, { throwIfNoEntry: false });
        if (stat && owners.has(stat.uid)) below.push({ folder, changed: stat.mtimeMs });
      }
    }
    const next = below
      .sort((a, b) => b.changed - a.changed)
      .map(({ folder }) => folder)
      .slice(0, mostBelow);
    for (const folder of next) this.watch(folder);
    await this.watchBelow(next, depth - 1, pids);
  }

  /** The innermost watched folder that the path lies in. */
  around(path: string): FolderWatch | undefined {
    return [...this]
      .filter(({ folder }) => path.startsWith(`${folder.path}${sep}`))
      .sort((a, b) => b.folder.path.length - a.folder.path.length)[0];
  }

  close(): void {
    for (const watch of this) watch.close();
  }
}
