import { type Descriptor, descriptorsOf, fileOwnerOf, isForWriting, pathOf } from './open-files.js';

/** The share of the time that looking at the target's descriptors may take, and the shortest pause (ms). */
const lookingShare = 0.01;
const shortestPause = 50;

/**
 * Called for each file that the target holds open for writing, with its path in the target's own file system.
 */
type OnWriting = (path: string, uid: number | undefined, learning: boolean) => void;

/** Looks again and again for files that the target holds open for writing; each is reported once. */
export class WriteWatch {
  readonly #seen = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly pids: () => readonly number[],
    readonly onWriting: OnWriting,
  ) {}

  begin(): void {
    this.look(this.#open(), false);
    this.#lookLater();
  }

  /** `learning`: from now on, a folder that was not watched is to be watched. */
  look(open: readonly Descriptor[], learning: boolean): void {
    for (const each of open) {
      const path = pathOf(each);
      if (path === undefined || this.#seen.has(each.link)) continue;
      this.#seen.add(each.link);
      if (isForWriting(each)) this.onWriting(path, fileOwnerOf(each), learning);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #lookLater(pause = shortestPause): void {
    this.#timer = setTimeout(() => {
      const start = performance.now();
      this.look(this.#open(), true);
      this.#lookLater(Math.max(shortestPause, (performance.now() - start) / lookingShare));
    }, pause).unref();
  }

  #open(): Descriptor[] {
    return this.pids().flatMap(openIn);
  }
}

function openIn(pid: number): Descriptor[] {
  try {
    return descriptorsOf(pid);
  } catch {
    return [];
  }
}
