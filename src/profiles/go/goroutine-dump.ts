import type { Frame } from '../frame.js';
import { Frames, linesOf, own } from '../pprof/lines.js';

/** One goroutine of a dump. */
export interface Goroutine {
  id: number;
  /** What it waits for, as Go says it: `chan receive`, `IO wait`, `select (no cases)`. */
  state: string;
  /** Whole minutes that it has waited. */
  minutes: number;
  /** The leaf first, without the runtime's own frames. */
  stack: Frame[];
  /** The `go` statement that started it; absent for the main goroutine and those of the runtime. */
  createdBy?: Frame;
  /**
   * The stacks of the chain of goroutines that started it, the nearest first; `GODEBUG=tracebackancestors=5`
   * shows them.
   */
  ancestors: Frame[][];
}

/** No real dump of 64 MiB holds more. */
const mostGoroutines = 1_000_000;

/**
 * Reads the dump that `/debug/pprof/goroutine?debug=2` answers, of at most a million goroutines:
 *
 *     goroutine 18 [chan receive, 2 minutes]:
 *     main.wait(0xc000012345)
 *     	/src/main.go:12 +0x1f
 *     created by main.start in goroutine 1
 *     	/src/main.go:9 +0x5c
 *     [originating from goroutine 1]:
 *     ...
 *
 * Unknown lines are skipped. Source: runtime/traceback.go, `goroutineheader`, `traceback2`, `printcreatedby1`
 * and `printAncestorTraceback`.
 */
export function* goroutinesOf(dump: string | Uint8Array): Generator<Goroutine, void, undefined> {
  const frames = new Frames();
  let count = 0;
  let current: Goroutine | undefined;
  let stack: Frame[] = [];
  /** The function whose place the next line gives, and who takes the frame. */
  let pending: { name: string; take(frame: Frame): void } | undefined;
  for (const line of linesOf(dump)) {
    const next = headerOf(line);
    if (next) {
      if (current) yield current;
      count += 1;
      if (count > mostGoroutines) return;
      current = next;
      stack = next.stack;
      pending = undefined;
    } else if (!current || line === '') {
      pending = undefined;
    } else if (line.startsWith('\t')) {
      pending?.take(frames.frame(pending.name, placeOf(line)));
      pending = undefined;
    } else if (line.startsWith('[originating from goroutine ')) {
      stack = [];
      current.ancestors.push(stack);
    } else if (line.startsWith('created by ')) {
      // An ancestor's own creator is the next ancestor.
      const creator = current.ancestors.length === 0 ? current : undefined;
      pending = creator && {
        name: creatorOf(line),
        take: frame => {
          creator.createdBy = frame;
        },
      };
    } else if (line.endsWith(')')) {
      const into = stack;
      pending = { name: functionOf(line), take: frame => into.push(frame) };
    }
  }
  if (current) yield current;
}

/**
 * `goroutine 18 [chan receive, 2 minutes, locked to thread]:`, with `gp=0x...` before where GOTRACEBACK is
 * system.
 */
function headerOf(line: string): Goroutine | undefined {
  if (!line.startsWith('goroutine ') || !line.endsWith(']:')) return undefined;
  const open = line.indexOf(' [');
  const id = Number.parseInt(line.slice('goroutine '.length), 10);
  if (open < 0 || Number.isNaN(id)) return undefined;
  const [said = ''] = line.slice(open + 2, -2).split(' labels:{', 1);
  const [state = '', ...more] = said.split(', ');
  const waited = more.find(each => each.endsWith(' minutes'));
  return {
    id,
    state: own(state.replace(' (scan)', '')),
    minutes: waited === undefined ? 0 : Number.parseInt(waited, 10) || 0,
    stack: [],
    ancestors: [],
  };
}

/** `main.(*T).m` of `main.(*T).m(0xc000012345, {0x1, 0x2})`; Go prints runtime.gopanic as `panic`. */
function functionOf(line: string): string {
  const name = line.slice(0, line.lastIndexOf('('));
  return name === 'panic' ? 'runtime.gopanic' : name;
}

/** `main.start` of `created by main.start in goroutine 1`. */
function creatorOf(line: string): string {
  const end = line.lastIndexOf(' in goroutine ');
  return line.slice('created by '.length, end < 0 ? undefined : end);
}

/** `/src/main.go:12` of `	/src/main.go:12 +0x1f fp=0x1 sp=0x2 pc=0x3`. */
function placeOf(line: string): string {
  const offset = line.search(/ (?:\+|fp=)0x[0-9a-f]/);
  return line.slice(1, offset < 0 ? undefined : offset);
}
