import { lstatSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { RoundKind } from '../../load/round.js';
import { type Folder, fileOwnersOf, type TempFolders } from '../../target/processes/temp-folders.js';
import { type FileCount, filesIn, type KnownFiles } from '../files.js';
import type { Moment } from '../reading.js';
import { allEvents, FolderWatch, type NewEntry } from './folder-watch.js';
import { familyOf } from './name-pattern.js';
import {
  type Descriptor,
  deletedBytes,
  descriptorsOf,
  fileOwnerOf,
  isForWriting,
  pathOf,
} from './open-files.js';
import { type Births, type FileOwner, noBirths, nothingWatched, ownerOf } from './whose-files.js';

/** How many files, and how many bytes. */
export interface FileAmount {
  files: number;
  bytes: number;
}

/** Files of one folder that are named alike and belong to one user. */
interface FileFamily {
  name: string;
  watch: FolderWatch;
  births: Births;
  /** Whether its owner is a user that the target runs as. */
  native: boolean;
  /** The tenth of a second, since the epoch, in which the last one came. */
  lastTenth?: number;
}

/** The lowest amount of each family in one reading. */
type Amounts = Map<FileFamily | 'private' | 'deleted', FileAmount>;

/** No more folders are watched: each is one of the kernel's watches, of which a user has some thousands. */
const mostWatches = 64;
const mostBelow = 24;
/** Of the time, the share that looking at the target's descriptors may take, and the shortest pause (ms). */
const lookingShare = 0.01;
const shortestPause = 50;
/** Files per upload. */
const aLeak = 0.05;
const uploading: ReadonlySet<RoundKind> = new Set(['warm-up', 'upload', 'snapshot']);

/**
 * The files that a process leaves in its temp folder, in its working folder and the folders directly below, and
 * wherever it was seen to write. Strangers' files in the same folders are told by their births; as that takes some
 * rounds, what is known later is applied to earlier readings as well.
 */
export class OwnFiles {
  readonly #since = Date.now();
  readonly #watches = new Map<string, FolderWatch>();
  readonly #families = new Map<string, FileFamily>();
  readonly #familyOf = new Map<NewEntry, FileFamily>();
  readonly #readings = new Map<number, Amounts>();
  #watched = nothingWatched();
  #uploads = 0;
  readonly #seen = new Set<string>();
  #known: KnownFiles = new Map();
  #pids: number[];
  #last = performance.now();
  /** The first reading that counts, where the temp folder is not known: what came before was not seen. */
  #from = 0;
  #learned = false;
  #timer: NodeJS.Timeout | undefined;
  /** Until something more is known. */
  #judged: ReadonlyMap<FileFamily, FileOwner> | undefined;

  constructor(
    pid: number,
    readonly folders: TempFolders,
  ) {
    this.#pids = [pid];
  }

  /** Begins to watch. */
  async open(): Promise<this> {
    const { temp, working } = this.folders;
    const shared = this.folders.private ? undefined : temp;
    for (const folder of [shared, working]) if (folder) this.#watch(folder);
    if (working) await this.#watchBelow([working], 1);
    if (shared) await this.#watchBelow([shared], 4);
    this.#look(this.#pids.flatMap(openIn), false);
    this.#lookLater();
    return this;
  }

  /** The target's own files by now, and bytes of deleted ones; undefined where it cannot be told which are its own. */
  async read(
    pids: number[],
    again: boolean,
    moment: Moment,
    open: readonly Descriptor[],
  ): Promise<FileAmount | undefined> {
    this.#pids = pids;
    this.#look(open, true);
    await this.#refresh(again, moment);
    const amounts = await this.#amounts(again);
    amounts.set('deleted', { files: 0, bytes: deletedBytes(open) });
    const lowest = this.#readings.get(moment.reading) ?? amounts;
    for (const [family, { files, bytes }] of lowest) {
      const now = amounts.get(family) ?? { files: 0, bytes: 0 };
      lowest.set(family, { files: Math.min(files, now.files), bytes: Math.min(bytes, now.bytes) });
    }
    this.#readings.set(moment.reading, lowest);
    return this.#sumOf(amounts, moment.reading);
  }

  /** What a reading is by what is known now. */
  revised(reading: number): FileAmount | undefined {
    const amounts = this.#readings.get(reading);
    return amounts && this.#sumOf(amounts, reading);
  }

  /** Every file that is not surely a stranger's, by the names that the target gives them. */
  async list(): Promise<FileCount['list']> {
    const owners = this.#owners();
    const own = this.folders.private ? await this.#privateFiles(true) : undefined;
    const watched = [...this.#watches.values()].flatMap(({ entries, folder }) =>
      [...entries].flatMap(([name, entry]) => {
        if (owners.get(this.#familyOf.get(entry)!) === 'stranger') return [];
        return entry.below?.count().list ?? [{ path: join(folder.path, name), size: entry.size }];
      }),
    );
    return [...(own?.list ?? []), ...watched].map(({ path, size }) => ({ path: this.#nameOf(path), size }));
  }

  /** Where most of them are. */
  get mainFolder(): string | undefined {
    const owners = this.#owners();
    const counts = new Map<string, number>();
    for (const [family, { files }] of [...this.#readings.values()].at(-1) ?? []) {
      if (family === 'deleted' || (family !== 'private' && owners.get(family) !== 'target')) continue;
      const folder = family === 'private' ? this.folders.temp : family.watch.folder;
      if (folder) counts.set(folder.path, (counts.get(folder.path) ?? 0) + files);
    }
    const [most] = [...counts].sort(([, a], [, b]) => b - a);
    return most && most[1] > 0 ? most[0] : this.folders.temp?.path;
  }

  /** Families of which it cannot be told whose they are: `/tmp/upload-*`. */
  get undecided(): string[] {
    return [...this.#owners()].flatMap(([{ watch, name }, owner]) =>
      owner === 'open' ? join(watch.folder.name, name) : [],
    );
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const watch of this.#watches.values()) watch.close();
  }

  async #refresh(again: boolean, { kind, uploads }: Moment): Promise<void> {
    await allEvents();
    const isUploading = !again && uploading.has(kind);
    const now = performance.now();
    const seconds = (now - this.#last) / 1000;
    this.#last = now;
    if (kind === 'start' && !again) this.#beginAnew();
    if (isUploading) this.#watched.rounds += 1;
    const when = isUploading ? 'uploading' : this.#watched.rounds > 0 ? 'quiet' : 'before';
    this.#watched[when] += seconds;
    this.#watched.uploads += Math.max(0, uploads - this.#uploads);
    this.#uploads = uploads;
    const born = new Set<FileFamily>();
    const owners = fileOwnersOf(this.#pids);
    for (const watch of [...this.#watches.values()]) {
      for (const [name, entry] of await watch.refresh()) {
        const family = this.#familyIn(watch, name, entry.uid, owners);
        this.#familyOf.set(entry, family);
        family.births[when] += 1;
        const tenth = Math.floor(entry.born / 100);
        if (when !== 'before' && tenth !== family.lastTenth) family.births[`${when}Moments`] += 1;
        family.lastTenth = tenth;
        if (isUploading) born.add(family);
      }
    }
    for (const { births } of born) {
      births.rounds += 1;
      births.firstRound ??= this.#watched.rounds;
    }
    this.#judged = undefined;
  }

  /** Another scenario may leave other files: what came before tells nothing of it, but what was seen in the target's hands. */
  #beginAnew(): void {
    if (this.#watched.rounds === 0) return;
    this.#watched = nothingWatched();
    this.#uploads = 0;
    for (const family of this.#families.values()) family.births = { ...noBirths(), held: family.births.held };
  }

  async #amounts(again: boolean): Promise<Amounts> {
    const amounts: Amounts = new Map();
    if (this.folders.private) {
      if (!again) this.#known = new Map();
      const own = await this.#privateFiles();
      if (own) amounts.set('private', { files: own.count, bytes: own.bytes });
    }
    const owners = this.#owners();
    for (const { entries } of this.#watches.values()) {
      for (const entry of entries.values()) {
        const family = this.#familyOf.get(entry)!;
        const amount = amounts.get(family) ?? { files: 0, bytes: 0 };
        amounts.set(family, amount);
        if (!entry.below) amount.files += 1;
        if (!entry.below) amount.bytes += entry.size;
        // Strangers' folders are not looked into.
        else if (owners.get(family) !== 'stranger') {
          amount.files += entry.below.count().list.length;
          amount.bytes += entry.below.bytes;
        }
      }
    }
    return amounts;
  }

  #sumOf(amounts: Amounts, reading: number): FileAmount | undefined {
    const owners = this.#owners();
    const unknown = [...this.#watches.values()].some(watch => watch.unknown);
    if (unknown || (this.undecided.length > 0 && !this.#leaks(owners))) return undefined;
    if (this.folders.private && !amounts.has('private')) return undefined;
    const sum = { files: 0, bytes: 0 };
    let own = 0;
    for (const [family, { files, bytes }] of amounts) {
      if (typeof family !== 'string' && owners.get(family) !== 'target') continue;
      sum.files += files;
      sum.bytes += bytes;
      own += files;
    }
    const isKnown = this.folders.temp !== undefined || (this.#learned && reading >= this.#from) || own > 0;
    return isKnown ? sum : undefined;
  }

  /** Whether the files that are surely the target's are a leak by themselves, whosever the others are. */
  #leaks(owners: ReadonlyMap<FileFamily, FileOwner>): boolean {
    const own = [...owners].filter(([, owner]) => owner === 'target').map(([{ births }]) => births.uploading);
    const perUpload = own.reduce((sum, each) => sum + each, 0) / Math.max(this.#watched.uploads, 1);
    return perUpload > aLeak;
  }

  /** Whose each family is by what is known now. */
  #owners(): ReadonlyMap<FileFamily, FileOwner> {
    this.#judged ??= this.#judge();
    return this.#judged;
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

  #familyIn(watch: FolderWatch, file: string, uid: number, owners: ReadonlySet<number>): FileFamily {
    const name = familyOf(file);
    const key = `${watch.folder.path}\0${uid}\0${name}`;
    const family = this.#families.get(key) ?? { name, watch, births: noBirths(), native: owners.has(uid) };
    this.#families.set(key, family);
    return family;
  }

  #privateFiles(listed = false): Promise<FileCount | undefined> {
    return filesIn(this.folders.temp!.path, this.#since, undefined, listed, this.#known);
  }

  /** The folders below that belong to the target's user, level by level, those that changed last first. */
  async #watchBelow(folders: Folder[], depth: number): Promise<void> {
    if (depth === 0 || folders.length === 0 || this.#watches.size >= mostWatches) return;
    const owners = fileOwnersOf(this.#pids);
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
    for (const folder of next) this.#watch(folder);
    await this.#watchBelow(next, depth - 1);
  }

  #watch(folder: Folder): void {
    if (this.#watches.has(folder.path) || this.#watches.size >= mostWatches) return;
    this.#watches.set(folder.path, new FolderWatch(folder));
  }

  /** Looks at what the target holds open for writing; `learning`, where a folder that was not watched is from now on. */
  #look(open: readonly Descriptor[], learning: boolean): void {
    for (const each of open) {
      const path = pathOf(each);
      if (path === undefined || this.#seen.has(each.link)) continue;
      this.#seen.add(each.link);
      if (isForWriting(each)) this.#learn(path, fileOwnerOf(each), learning);
    }
  }

  #lookLater(pause = shortestPause): void {
    this.#timer = setTimeout(() => {
      const start = performance.now();
      this.#look(this.#pids.flatMap(openIn), true);
      this.#lookLater(Math.max(shortestPause, (performance.now() - start) / lookingShare));
    }, pause).unref();
  }

  #learn(name: string, uid: number | undefined, learning: boolean): void {
    const path = `${this.folders.root}${name}`;
    if (uid === undefined || this.#isPrivate(path)) return;
    this.#judged = undefined;
    const around = [...this.#watches.values()]
      .filter(({ folder }) => path.startsWith(`${folder.path}${sep}`))
      .sort((a, b) => b.folder.path.length - a.folder.path.length)[0];
    const [first, ...deeper] = around ? relative(around.folder.path, path).split(sep) : [];
    const isNew = around && deeper.length > 0 && this.#cameSince(join(around.folder.path, first!));
    if (around && (deeper.length === 0 || isNew)) {
      this.#familyIn(around, first!, uid, new Set([uid])).births.held = true;
    } else if (learning) {
      const folder = { path: dirname(path), name: dirname(name) };
      this.#watch(folder);
      const watch = this.#watches.get(folder.path);
      if (!watch) return;
      this.#familyIn(watch, path.slice(folder.path.length + 1), uid, new Set([uid])).births.held = true;
    }
    if (!learning || this.#learned) return;
    this.#learned = true;
    this.#from = Math.max(-1, ...this.#readings.keys()) + 1;
  }

  #isPrivate(path: string): boolean {
    return this.folders.private && path.startsWith(`${this.folders.temp!.path}${sep}`);
  }

  #cameSince(path: string): boolean {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    return stat !== undefined && (stat.birthtimeMs || stat.ctimeMs) >= this.#since;
  }

  #nameOf(path: string): string {
    return path.slice(this.folders.root.length);
  }
}

function openIn(pid: number): Descriptor[] {
  try {
    return descriptorsOf(pid);
  } catch {
    return [];
  }
}
