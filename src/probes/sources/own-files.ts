import { lstatSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { RoundKind } from '../../load/round.js';
import { fileOwnersOf, type TempFolders } from '../../target/processes/temp-folders.js';
import { type FileCount, filesIn, type KnownFiles } from '../files.js';
import type { Moment } from '../reading.js';
import { FileFamilies, type FileFamily } from './file-families.js';
import { allEvents, type NewEntry } from './folder-watch.js';
import { type Descriptor, deletedBytes } from './open-files.js';
import { WatchedFolders } from './watched-folders.js';
import { WriteWatch } from './write-watch.js';

/** How many files, and how many bytes. */
export interface FileAmount {
  files: number;
  bytes: number;
}

/** The lowest amount of each family in one reading. */
type Amounts = Map<FileFamily | 'private' | 'deleted', FileAmount>;

const uploading: ReadonlySet<RoundKind> = new Set(['warm-up', 'upload', 'snapshot']);

/**
 * The files that a process leaves in its temp folder, in its working folder and the folders directly below,
 * and wherever it was seen to write. Strangers' files in the same folders are recognised by when they appear;
 * because that takes some rounds, later knowledge is applied to earlier readings as well.
 */
export class OwnFiles {
  readonly #since = Date.now();
  readonly #watches = new WatchedFolders();
  readonly #writing: WriteWatch;
  readonly #families = new FileFamilies();
  readonly #familyOf = new Map<NewEntry, FileFamily>();
  readonly #readings = new Map<number, Amounts>();
  #known: KnownFiles = new Map();
  #pids: number[];
  /** The first reading that counts if the temp folder is not known: earlier files were not seen. */
  #from = 0;
  #learned = false;

  constructor(
    pid: number,
    readonly folders: TempFolders,
  ) {
    this.#pids = [pid];
    this.#writing = new WriteWatch(
      () => this.#pids,
      (path, uid, learning) => this.#learn(path, uid, learning),
    );
  }

  /** Begins to watch. */
  async open(): Promise<this> {
    const { temp, working } = this.folders;
    const shared = this.folders.private ? undefined : temp;
    for (const folder of [shared, working]) if (folder) this.#watches.watch(folder);
    if (working) await this.#watches.watchBelow([working], 1, this.#pids);
    if (shared) await this.#watches.watchBelow([shared], 4, this.#pids);
    this.#writing.begin();
    return this;
  }

  /**
   * The target's own files so far, and bytes of deleted ones; undefined if it is not known which are its own.
   */
  async read(
    pids: number[],
    again: boolean,
    moment: Moment,
    open: readonly Descriptor[],
  ): Promise<FileAmount | undefined> {
    this.#pids = pids;
    this.#writing.look(open, true);
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

  /** A reading by what is known now. */
  revised(reading: number): FileAmount | undefined {
    const amounts = this.#readings.get(reading);
    return amounts && this.#sumOf(amounts, reading);
  }

  /** Every file that is not surely a stranger's, under the target's name for it. */
  async list(): Promise<FileCount['list']> {
    const owners = this.#families.owners();
    const own = this.folders.private ? await this.#privateFiles(true) : undefined;
    const watched = [...this.#watches].flatMap(({ entries, folder }) =>
      [...entries].flatMap(([name, entry]) => {
        if (owners.get(this.#familyOf.get(entry)!) === 'stranger') return [];
        return entry.below?.count().list ?? [{ path: join(folder.path, name), size: entry.size }];
      }),
    );
    return [...(own?.list ?? []), ...watched].map(({ path, size }) => ({ path: this.#nameOf(path), size }));
  }

  /** The folder with most of them. */
  get mainFolder(): string | undefined {
    const owners = this.#families.owners();
    const counts = new Map<string, number>();
    for (const [family, { files }] of [...this.#readings.values()].at(-1) ?? []) {
      if (family === 'deleted' || (family !== 'private' && owners.get(family) !== 'target')) continue;
      const folder = family === 'private' ? this.folders.temp : family.watch.folder;
      if (folder) counts.set(folder.path, (counts.get(folder.path) ?? 0) + files);
    }
    const [most] = [...counts].sort(([, a], [, b]) => b - a);
    return most && most[1] > 0 ? most[0] : this.folders.temp?.path;
  }

  get undecided(): readonly string[] {
    return this.#families.undecided;
  }

  close(): void {
    this.#writing.close();
    this.#watches.close();
  }

  async #refresh(again: boolean, { kind, uploads }: Moment): Promise<void> {
    await allEvents();
    if (kind === 'start' && !again) this.#families.beginAnew();
    const when = this.#families.advance(!again && uploading.has(kind), uploads);
    const owners = fileOwnersOf(this.#pids);
    const born: { family: FileFamily; born: number }[] = [];
    for (const watch of [...this.#watches]) {
      for (const [name, entry] of await watch.refresh()) {
        const family = this.#families.of(watch, name, entry.uid, owners);
        this.#familyOf.set(entry, family);
        born.push({ family, born: entry.born });
      }
    }
    this.#families.count(born, when);
  }

  async #amounts(again: boolean): Promise<Amounts> {
    const amounts: Amounts = new Map();
    if (this.folders.private) {
      if (!again) this.#known = new Map();
      const own = await this.#privateFiles();
      if (own) amounts.set('private', { files: own.count, bytes: own.bytes });
    }
    const owners = this.#families.owners();
    for (const { entries } of this.#watches) {
      for (const entry of entries.values()) {
        const family = this.#familyOf.get(entry)!;
        const amount = amounts.get(family) ?? { files: 0, bytes: 0 };
        amounts.set(family, amount);
        if (!entry.below) amount.files += 1;
        if (!entry.below) amount.bytes += entry.size;
        // Strangers' folders are not searched.
        else if (owners.get(family) !== 'stranger') {
          amount.files += entry.below.count().list.length;
          amount.bytes += entry.below.bytes;
        }
      }
    }
    return amounts;
  }

  #sumOf(amounts: Amounts, reading: number): FileAmount | undefined {
    const owners = this.#families.owners();
    const unknown = [...this.#watches].some(watch => watch.unknown);
    if (unknown || (this.undecided.length > 0 && !this.#families.leak())) return undefined;
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

  #privateFiles(listed = false): Promise<FileCount | undefined> {
    return filesIn(this.folders.temp!.path, this.#since, undefined, listed, this.#known);
  }

  #learn(name: string, uid: number | undefined, learning: boolean): void {
    const path = `${this.folders.root}${name}`;
    if (uid === undefined || this.#isPrivate(path)) return;
    const around = this.#watches.around(path);
    const [first, ...deeper] = around ? relative(around.folder.path, path).split(sep) : [];
    const isNew = around && deeper.length > 0 && this.#cameSince(join(around.folder.path, first!));
    if (around && (deeper.length === 0 || isNew)) {
      this.#families.hold(around, first!, uid);
    } else if (learning) {
      const folder = { path: dirname(path), name: dirname(name) };
      const watch = this.#watches.watch(folder);
      if (!watch) return;
      this.#families.hold(watch, path.slice(folder.path.length + 1), uid);
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
