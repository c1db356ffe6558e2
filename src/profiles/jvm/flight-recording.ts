import type { ResourceName } from '../../probes/resources.js';
import type { Frame } from '../frame.js';
import { classInWords } from './classes.js';
import { type ObjectReference, pathFromRoot } from './reference-path.js';

/** An object that was allocated while a flight recording ran, and was alive at its end. */
export interface KeptObject {
  /** `byte[]`, `com.example.Upload`. */
  className: string;
  /** The stack that allocated it, the leaf first. */
  stack: Frame[];
  /** Milliseconds since the epoch. */
  allocatedAt: number;
  /** What keeps it, from the root on; empty where the JVM found no way to one. */
  keptBy: string[];
}

/** What starts of threads tell of. */
export const startsAreOf: ResourceName = 'threads';

/** A thread that was started while a flight recording ran. */
export interface StartedThread {
  /** The JVM's own number, `#427` in a thread dump. */
  id: number;
  name: string;
  /** The stack that started it, the leaf first. */
  stack: Frame[];
  startedAt: number;
}

/** What `jfr print --json` writes of an event, as far as it is read here. */
interface FlightEvent {
  values: {
    startTime?: string;
    allocationTime?: string;
    stackTrace?: { frames?: FlightFrame[] } | null;
    object?: ObjectReference | null;
    root?: { description?: string | null; type?: string | null } | null;
    thread?: { javaName?: string | null; javaThreadId?: number } | null;
  };
}

interface FlightFrame {
  method: { name: string; hidden?: boolean; type: { name: string; hidden?: boolean } };
  lineNumber: number;
}

/** JFR keeps 256 objects where it was not told of another number; more threads than this are no more telling. */
const mostEvents = 20_000;

/** The objects of `jfr print --json --events jdk.OldObjectSample`; throws a SyntaxError for what is no JSON. */
export function keptObjects(json: string): KeptObject[] {
  return eventsIn(json).flatMap(({ values }): KeptObject[] => {
    const { object, allocationTime, stackTrace } = values;
    if (!object?.type || allocationTime === undefined) return [];
    return [
      {
        className: classInWords(dotted(object.type.name)),
        stack: framesOf(stackTrace?.frames),
        allocatedAt: Date.parse(allocationTime),
        keptBy: pathFromRoot(object, values.root ?? undefined),
      },
    ];
  });
}

/** The threads of `jfr print --json --events jdk.ThreadStart`; throws a SyntaxError for what is no JSON. */
export function startedThreads(json: string): StartedThread[] {
  return eventsIn(json).flatMap(({ values: { thread, startTime, stackTrace } }): StartedThread[] => {
    if (!thread?.javaThreadId || startTime === undefined) return [];
    return [
      {
        id: thread.javaThreadId,
        name: thread.javaName ?? '',
        stack: framesOf(stackTrace?.frames),
        startedAt: Date.parse(startTime),
      },
    ];
  });
}

/** The numbers of the threads in a dump by `jcmd PID Thread.print`: `"pool-1-thread-1" #427 prio=5 os_prio=0 ...`. */
export function liveThreads(dump: string): Set<number> {
  return new Set(
    dump.split('\n').flatMap(line => {
      const at = line.startsWith('"') ? line.lastIndexOf('" #') : -1;
      return at > 0 ? Number.parseInt(line.slice(at + 3), 10) || [] : [];
    }),
  );
}

function eventsIn(json: string): FlightEvent[] {
  const { recording } = JSON.parse(json) as { recording?: { events?: FlightEvent[] } };
  return (recording?.events ?? []).slice(0, mostEvents);
}

/** Classes that the JVM makes for lambdas and reflection are hidden: their frames tell nothing. */
function framesOf(frames: readonly FlightFrame[] = []): Frame[] {
  return frames
    .filter(({ method }) => !method.type.hidden && !method.hidden)
    .map(({ method, lineNumber }) => {
      const path = method.type.name;
      const name = `${path.slice(path.lastIndexOf('/') + 1)}.${method.name}`;
      return { function: name, file: fileOf(path), ...(lineNumber > 0 ? { line: lineNumber } : {}) };
    });
}

/**
 * A recording names classes, not files: `com/example/Upload.java` of `com/example/Upload$Part`, as the compiler wants
 * it of public classes (Java Language Specification, section 7.6). Kotlin's file classes end in `Kt`.
 */
function fileOf(path: string): string {
  const nested = path.indexOf('$', path.lastIndexOf('/') + 2);
  const outer = nested < 0 ? path : path.slice(0, nested);
  return outer.endsWith('Kt') ? `${outer.slice(0, -2)}.kt` : `${outer}.java`;
}

function dotted(name: string): string {
  return name.replaceAll('/', '.');
}
