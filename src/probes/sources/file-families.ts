import { join } from 'node:path';
import type { FolderWatch } from './folder-watch.js';
import { familyOf } from './name-pattern.js';
import { type Births, type FileOwner, noBirths, nothingWatched, ownerOf } from './whose-files.js';

/** Files of one folder that are named alike and belong to one user. */
export interface FileFamily {
  name: string;
  watch: FolderWatch;
  births: Births;
  /** Whether its owner is a user that the target runs as. */
  native: boolean;
  /** The tenth of a second, since the epoch, in which the last file came. */
  lastTenth?: number;
}

type When = 'before' | 'quiet' | 'uploading';

/** Files per upload. */
const aLeak = 0.05;

/** All families of files that were seen, how many files came in each and when, and so who writes them. */
export class FileFamilies {
  readonly #families = new Map<string, FileFamily>();
  #watched = nothingWatched();
  #uploads = 0;
  #last = performance.now();
  /** Who owns each family; undefined once more is known. */
  #judged: ReadonlyMap<FileFamily, FileOwner> | undefined;

  /** The family that a file belongs to; `owners` are the users that the target runs as. */
  of(watch: FolderWatch, file: string, uid: number, owners: ReadonlySet<number>): FileFamily {
    const name = familyOf(file);
    const key = `${watch.folder.path}\0${uid}\0${name}`;
    const family = this.#families.get(key) ?? { name, watch, births: noBirths(), native: owners.has(uid) };
    this.#families.set(key, family);
    return family;
  }

  /** Notes that the target was seen to write a file of this name. */
  hold(watch: FolderWatch, file: string, uid: number): void {
    this.of(watch, file, uid, new Set([uid])).births.held = true;
    this.#judged = undefined;
  }

  /**
   * Another scenario may leave other files: of what came before, only what the target was seen to write
   * counts.
   */
  beginAnew(): void {
    if (this.#watched.rounds === 0) return;
    this.#watched = nothingWatched();
    this.#uploads = 0;
    for (const family of this.#families.values()) family.births = { ...noBirths(), held: family.births.held };
  }

  /** Adds the time and the uploads since the last call; returns what the target was given to do meanwhile. */
  advance(isUploading: boolean, uploads: number): When {
    const now = performance.now();
    const seconds = (now - this.#last) / 1000;
    this.#last = now;
    if (isUploading) this.#watched.rounds += 1;
    const when = isUploading ? 'uploading' : this.#watched.rounds > 0 ? 'quiet' : 'before';
    this.#watched[when] += seconds;
    this.#watched.uploads += Math.max(0, uploads - this.#uploads);
    this.#uploads = uploads;
    return when;
  }

  /** Counts files that came since the last call of `advance`; `born` is in milliseconds since the epoch. */
  count(files: readonly { family: FileFamily; born: number }[], when: When): void {
    for (const { family, born } of files) {
      family.births[when] += 1;
      const tenth = Math.floor(born / 100);
      if (when !== 'before' && tenth !== family.lastTenth) family.births[`${when}Moments`] += 1;
      family.lastTenth = tenth;
    }
    const uploaded = when === 'uploading' ? files : [];
    for (const { births } of new Set(uploaded.map(({ family }) => family))) {
      births.rounds += 1;
      births.firstRound ??= this.#watched.rounds;
    }
    this.#judged = undefined;
  }

  /** Who owns each family, by what is known now. */
  owners(): ReadonlyMap<FileFamily, FileOwner> {
    this.#judged ??= this.#judge();
    return this.#judged;
  }

  /** Families whose owner cannot be told: `/tmp/upload-*`. */
  get undecided(): string[] {
    return [...this.owners()].flatMap(([{ watch, name }, owner]) =>
      owner === 'open' ? join(watch.folder.name, name) : [],
    );
  }

  /** Whether the files that are surely the target's are a leak by themselves, whoever owns the others. */
  leak(): boolean {
    const own = [...this.owners()].filter(([, owner]) => owner === 'target');
    const files = own.reduce((sum, [{ births }]) => sum + births.uploading, 0);
    return files / Math.max(this.#watched.uploads, 1) > aLeak;
  }

  #judge(): Map<FileFamily, FileOwner> {
    const owner = (family: FileFamily, shared: boolean): FileOwner =>
      family.native || family.births.held ? ownerOf(family.births, this.#watched, shared) : 'stranger';
    const families = [...this.#families.values()];
    const shared = new Set(
      families.filter(family => owner(family, false) === 'stranger').map(({ watch }) => watch),
    );
    return new Map(families.map(family => [family, owner(family, shared.has(family.watch))]));
  }
}
