import type { ResourceName } from '../probes/resources.js';
import { patternOf } from '../probes/sources/name-pattern.js';
import type { Profile, ProfileRow } from './frame.js';

/** The kernel keeps so many characters of a thread's name (proc_pid_comm(5)). */
const longestThreadName = 15;

/**
 * What follows the first number in a name that was cut may be there or not (`pool-1-thread-1`, `pool-100-thread`): it
 * is left out, so that they stay one kind.
 */
function threadPattern(name: string): string {
  const pattern = patternOf(name);
  const at = pattern.indexOf('*');
  return name.length < longestThreadName || at < 0 ? pattern : pattern.slice(0, at + 1);
}

/** Open files, sockets, temp files and threads by what they are: names that differ in a number or a random part are one kind. */
export function descriptors(bytes: Uint8Array): Profile[] {
  const tables = new Map<ResourceName, Map<string, number>>();
  const count = (resource: ResourceName, kind: string, amount: number) => {
    const table = tables.get(resource) ?? new Map<string, number>();
    tables.set(resource, table.set(kind, (table.get(kind) ?? 0) + amount));
  };
  for (const line of new TextDecoder().decode(bytes).split('\n')) {
    const [resource, name, size] = line.split('\t');
    if (name === undefined) continue;
    if (resource === 'sockets') count('sockets', name, 1);
    if (resource === 'threads') count('threads', threadPattern(name), 1);
    if (resource === 'open-files') count('open-files', patternOf(name), 1);
    if (resource === 'temp-files') {
      count('temp-files', patternOf(name), 1);
      count('disk', patternOf(name), Number(size));
    }
  }
  return [...tables].map(([resource, table]) => ({
    resource,
    kind: 'descriptors',
    rows: [...table].map(([name, value]): ProfileRow => ({ key: name, stack: [{ function: name }], value })),
  }));
}
