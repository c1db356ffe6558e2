import type { Profile, ProfileRow } from '../frame.js';

/** What the names of the JVM's native memory mean, where they do not say it. Source: HotSpot's memTag.hpp. */
const meanings: Record<string, string> = {
  Other: 'direct buffers and Unsafe',
  Thread: 'stacks of threads',
  Class: 'classes',
  Code: 'compiled code',
  Tracing: 'flight recorder',
};

/** The heap is read exactly elsewhere, and is managed. */
const heapName = 'Java Heap';

/**
 * Native memory by what it is for, from `jcmd PID VM.native_memory summary scale=B`: rows such as
 * `-                    Thread (reserved=19974504, committed=862568)`. What native libraries take by malloc is in none
 * of them. Source: HotSpot's memReporter.cpp.
 */
export function nativeMemory(bytes: Uint8Array): Profile[] {
  const rows: ProfileRow[] = [];
  for (const line of new TextDecoder().decode(bytes).split('\n')) {
    const [, name, committed] = /^- +(\S[^(]*) \(reserved=\d+, committed=(\d+)\)$/.exec(line.trimEnd()) ?? [];
    if (name === undefined || name === heapName) continue;
    const meaning = meanings[name];
    const title = `native memory: ${name}${meaning ? ` (${meaning})` : ''}`;
    rows.push({ key: name, stack: [{ function: title }], value: Number(committed) });
  }
  return [{ resource: 'anon', kind: 'descriptors', rows }];
}
