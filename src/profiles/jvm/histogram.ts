import type { Profile, ProfileRow } from '../frame.js';

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

/** The letters that stand for primitive types (Java Virtual Machine Specification, section 4.3.2). */
const primitives: Record<string, string> = {
  B: 'byte',
  C: 'char',
  D: 'double',
  F: 'float',
  I: 'int',
  J: 'long',
  S: 'short',
  Z: 'boolean',
};

/** `[B` as `byte[]`, `[[Ljava.lang.String;` as `java.lang.String[][]`. */
function classInWords(name: string): string {
  let brackets = 0;
  while (name[brackets] === '[') brackets += 1;
  if (brackets === 0) return name;
  const element = name.slice(brackets);
  const plain = element.startsWith('L') ? element.slice(1).replace(/;$/, '') : primitives[element];
  return `${plain ?? element}${'[]'.repeat(brackets)}`;
}
