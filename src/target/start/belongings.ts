import { readFile } from 'node:fs/promises';
import { type Process, processes } from '../processes/procfs.js';
import { signal } from './signal.js';

/**
 * The processes that a hunt has started: those in the process group or the session of its command, those that
 * carry its mark, and their descendants. A process that was once seen to belong does so until it ends,
 * whoever its parent is by then.
 */
export class Belongings {
  readonly #mark: string;
  /** When each was started; together with the pid, this identifies a process for ever. */
  readonly #known = new Map<number, number>();
  #group: number | undefined;
  #living: Process[] = [];

  /** `group` is the process group of the command, which is also its session, if that is known. */
  constructor(group: number | undefined, mark: string) {
    this.#group = group;
    this.#mark = mark;
  }

  /** The process group; undefined once it was seen to be empty: its number may be reused. */
  get group(): number | undefined {
    return this.#group;
  }

  has(pid: number): boolean {
    return this.#living.some(each => each.pid === pid);
  }

  /** Looks at the process table, and returns the living ones. Without /proc, none can be seen. */
  async look(): Promise<readonly Process[]> {
    const table = (await processes()).filter(({ state }) => state !== 'Z');
    const all = new Map(table.map(each => [each.pid, each]));
    const belongs = new Map<number, boolean>([[process.pid, false]]);
    const isKnown = ({ pid, started }: Process) => this.#known.get(pid) === started;
    const isOfGroup = ({ group, session }: Process) => group === this.#group || session === this.#group;
    const marked = await Promise.all(table.map(({ pid }) => carries(pid, this.#mark)));
    for (const [i, each] of table.entries()) {
      if (each.pid !== process.pid && (marked[i] || isKnown(each) || isOfGroup(each)))
        belongs.set(each.pid, true);
    }
    const descends = (pid: number): boolean => {
      const known = belongs.get(pid);
      if (known !== undefined) return known;
      belongs.set(pid, false);
      const parent = all.get(pid)?.parent;
      const found = parent !== undefined && descends(parent);
      belongs.set(pid, found);
      return found;
    };
    this.#living = table.filter(({ pid }) => descends(pid));
    this.#known.clear();
    for (const { pid, started } of this.#living) this.#known.set(pid, started);
    if (table.length > 0 && !this.#living.some(isOfGroup)) this.#group = undefined;
    return this.#living;
  }

  /** Parents that do not belong themselves, such as a supervisor; not init, which adopts every orphan. */
  get keepers(): number[] {
    const parents = this.#living.map(({ parent }) => parent);
    return [...new Set(parents)].filter(pid => pid > 1 && pid !== process.pid && !this.has(pid));
  }

  /** Whether any of them is alive. */
  async live(): Promise<boolean> {
    if ((await this.look()).length > 0) return true;
    return process.platform !== 'linux' && this.#group !== undefined && signal(-this.#group, 0);
  }

  /** Each gets the signal once: as a member of the group, or by itself. */
  signal(name: NodeJS.Signals): void {
    if (this.#group !== undefined) signal(-this.#group, name);
    for (const { pid, group } of this.#living) if (group !== this.#group) signal(pid, name);
  }
}

/** Whether a process has a mark in its initial environment; another user's cannot be read. */
async function carries(pid: number, mark: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`).catch(() => undefined);
  return environment?.includes(mark) ?? false;
}
