import type { ResourceName } from '../probes/resources.js';
import type { Profile, Row } from './site.js';

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
    rows: [...table].map(([name, value]): Row => ({ key: name, stack: [{ function: name }], value })),
  }));
}

/** `/tmp/multipart-1837465` as `/tmp/multipart-*`; a pipe's or socket's number is left out. */
export function patternOf(path: string): string {
  const inode = /^(pipe|socket):\[\d+\]$/.exec(path)?.[1];
  if (inode) return inode;
  return path.split('/').map(segment).join('/');
}

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

function segment(text: string): string {
  const parts = text
    .replace(uuid, '*')
    .split(/([-._ ]+)/)
    .map((part, i) => (i % 2 === 0 ? word(part) : part));
  return parts.join('').replace(/\*(?:[-_]?\*)+/g, '*');
}

/**
 * What of a word is the same from file to file. Random: what holds a digit among or after its letters, the six
 * letters of mkdtemp(3) and the eight of Python's tempfile.
 */
function word(text: string): string {
  if (/^tmp[a-z0-9]{2,}$/.test(text)) return 'tmp*';
  const numbered = /^([a-z]{2,}?)\d{3,}$/i.exec(text)?.[1];
  if (numbered) return `${numbered}*`;
  if (/^\d+$/.test(text) || /^[0-9a-f]{8,}$/i.test(text)) return '*';
  const random = text.length >= 5 && /\d/.test(text) && /[a-z]/i.test(text) && !/^[a-z]+\d{1,2}$/.test(text);
  const mixedCase = text.length === 6 && /[a-z][A-Z]|[A-Z]{2}[a-z]/.test(text);
  return random || mixedCase ? '*' : text;
}
