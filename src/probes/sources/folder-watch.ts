import { type FSWatcher, lstatSync, readdirSync, readFileSync, type Stats, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Folder } from '../../target/processes/temp-folders.js';
import { FolderCount, mostEntries } from '../files.js';

/** A file, or a folder with its files, that came while the folder was watched. */
export interface NewEntry {
  size: number;
  uid: number;
  /** Milliseconds since the epoch. */
  born: number;
  /** Set for a folder: counts its files. */
  below?: FolderCount;
}

/** File systems time a file's birth by a clock that is some milliseconds behind. */
const coarse = 50;

/**
 * What appears and disappears in one folder, by the kernel's events (inotify(7)) and not by looking: a folder
 * that others fill costs no more than an empty one. If there are no events, it compares lists of names.
 */
export class FolderWatch {
  readonly entries = new Map<string, NewEntry>();
  /** Names with an event since they were last looked at. */
  readonly #touched = new Set<string>();
  readonly #since = Date.now() - coarse;
  #watcher: FSWatcher | undefined;
  /** Names that were there at first; only if there are no events. */
  #old: Set<string> | undefined;
  /** Events were lost: the list of names must be read once. */
  #missed = false;
  /** There are no events, and too many names to be read each time. */
  unknown = false;

  constructor(readonly folder: Folder) {
    try {
      this.#watcher = watch(folder.path, { persistent: false }, (_, name) => {
        countEvent();
        if (name !== null) this.#touched.add(name);
      });
      this.#watcher.on('error', () => this.#goWithoutEvents());
    } catch {
      this.#goWithoutEvents();
    }
    watches.add(this);
  }

  /** Brings the entries up to date; resolves to the new ones. */
  async refresh(): Promise<[string, NewEntry][]> {
    if (this.#old || this.#missed) await this.#list();
    const born: [string, NewEntry][] = [];
    for (const name of this.#touched) {
      const known = this.entries.get(name);
      const path = join(this.folder.path, name);
      const stat = statOf(path);
      if (!stat || !(stat.isFile() || stat.isDirectory())) this.entries.delete(name);
      else if (known) Object.assign(known, { size: stat.size, uid: stat.uid });
      else if (bornAt(stat) >= this.#since) {
        const entry: NewEntry = { size: stat.size, uid: stat.uid, born: bornAt(stat) };
        if (stat.isDirectory()) entry.below = new FolderCount(path);
        this.entries.set(name, entry);
        born.push([name, entry]);
      }
    }
    this.#touched.clear();
    return born;
  }

  missEvents(): void {
    this.#missed = true;
  }

  close(): void {
    this.#watcher?.close();
    watches.delete(this);
  }

  async #list(): Promise<void> {
    this.#missed = false;
    const names = await readdir(this.folder.path).catch((): string[] => []);
    this.unknown = this.#old !== undefined && names.length > mostEntries;
    for (const name of this.entries.keys()) this.#touched.add(name);
    if (!this.unknown) for (const name of names) if (!this.#old?.has(name)) this.#touched.add(name);
  }

  #goWithoutEvents(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    let names: string[] = [];
    try {
      names = readdirSync(this.folder.path);
    } catch {
      // A folder that does not exist yet is empty.
    }
    this.#old = new Set(names.filter(name => !this.entries.has(name)));
  }
}

const watches = new Set<FolderWatch>();

/**
 * The kernel queues this many events for a process, and drops later ones without a sign that Node would see.
 */
const mostEvents = numberIn('/proc/sys/fs/inotify/max_queued_events') ?? 16_384;
let inThisTurn = 0;

/**
 * As many events as that in one turn of the event loop may not have been all: every watch then lists its
 * folder.
 */
function countEvent(): void {
  inThisTurn += 1;
  if (inThisTurn > 1) return;
  setImmediate(() => {
    if (inThisTurn >= mostEvents) for (const each of watches) each.missEvents();
    inThisTurn = 0;
  });
}

/** Waits until every event that has happened has arrived: within a whole turn of the event loop. */
export async function allEvents(): Promise<void> {
  await turn();
  await turn();
}

function bornAt({ birthtimeMs, ctimeMs }: Stats): number {
  return birthtimeMs > 0 ? birthtimeMs : ctimeMs;
}

function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function numberIn(path: string): number | undefined {
  try {
    return Number(readFileSync(path, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}
