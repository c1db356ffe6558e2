import type { Profile, ProfileRow } from '../frame.js';
import { classInWords } from './classes.js';

/** More classes than any program has; a longer histogram is cut. */
const mostClasses = 100_000;

/**
 * The live objects of a JVM by class, from `jcmd PID GC.class_histogram`: rows such as
 * `   4:         61211        1958752  java.util.HashMap$Node (java.base@17.0.1)`. Source: HotSpot's
 * heapInspection.cpp, `KlassInfoHisto::print_histo_on`.
 */
export function jvmHistogram(bytes: Uint8Array): Profile[] {
  const heap: ProfileRow[] = [];
  const objects: ProfileRow[] = [];
  const text = new TextDecoder().decode(bytes);
  for (const line of text.split('\n')) {
    if (heap.length === mostClasses) break;
    const [, count, size, rest] = /^ *\d+: +(\d+) +(\d+) +(\S.*)$/.exec(line) ?? [];
    if (rest === undefined) continue;
    const name = withoutModule(rest.trimEnd());
    const stack = [{ function: classInWords(name) }];
    heap.push({ key: name, stack, value: Number(size) });
    objects.push({ key: name, stack, value: Number(count) });
  }
  return [
    { resource: 'heap', kind: 'class', rows: heap },
    { resource: 'heap-objects', kind: 'class', rows: objects },
  ];
}

/** `java.util.HashMap$Node` from `java.util.HashMap$Node (java.base@17.0.1)`. */
function withoutModule(text: string): string {
  const open = text.endsWith(')') ? text.lastIndexOf(' (') : -1;
  return open < 0 || text.indexOf(')', open) < text.length - 1 ? text : text.slice(0, open);
}
