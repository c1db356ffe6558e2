import type { ResourceName } from '../probes/resources.js';
import { patternOf } from '../probes/sources/name-pattern.js';
import type { Profile, ProfileRow } from './frame.js';

/**
 * Open files, sockets, temp files and threads by kind: names that differ only in a number or a random part
 * are one kind.
 */
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
    if (resource === 'threads') count('threads', patternOf(name), 1);
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
