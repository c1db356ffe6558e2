import type { ResourceName } from '../probes/resources.js';
import type { Profile, ProfileRow } from './frame.js';

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
    if (resource === 'threads') count('threads', name, 1);
    if (resource === 'open-files') count('open-files', name.replace(/^(pipe|socket):\[\d+\]$/, '$1'), 1);
    if (resource === 'temp-files') {
      count('temp-files', name, 1);
      count('disk', name, Number(size));
    }
  }
  return [...tables].map(([resource, table]) => ({
    resource,
    kind: 'descriptors',
    ...(resource === 'sockets' ? { naming: 'far-ends' as const } : {}),
    rows: [...table].map(([name, value]): ProfileRow => ({ key: name, stack: [{ function: name }], value })),
  }));
}
