import { targetError } from '../../errors.js';
import type { ResourceName } from '../../probes/resources.js';
import type { Frame, Profile, ProfileRow } from '../frame.js';
import { isLibraryCode } from '../ownership.js';

/** A row of the agent's answer: what one stack has made since the traces were cleared, and is still there. */
interface Site {
  count: number;
  bytes: number;
  /** File, line and function; the nearest first. */
  frames: [file: string, line: number, name: string][];
}

/** More rows than an agent is asked for, and more frames than it keeps. */
const mostRows = 5_000;
const mostFrames = 64;

/** Which resources a table of the answer tells of, and by which of its amounts. */
const tables: Record<string, [ResourceName, 'count' | 'bytes'][]> = {
  memory: [
    ['heap', 'bytes'],
    ['heap-objects', 'count'],
    ['anon', 'bytes'],
    ['rss', 'bytes'],
  ],
  files: [
    ['temp-files', 'count'],
    ['disk', 'bytes'],
  ],
  'open-files': [['open-files', 'count']],
  sockets: [['sockets', 'count']],
  threads: [['threads', 'count']],
  tasks: [['tasks', 'count']],
};

/** Who made what in a Python process, from the answer of its agent to `sites`. Throws `BAD_PROFILE`. */
export function pythonSites(bytes: Uint8Array): Profile[] {
  const answer = parse(bytes);
  return Object.entries(tables).flatMap(([table, resources]) => {
    const sites = sitesIn(answer[table]);
    return resources.map(([resource, amount]): Profile => {
      const rows = sites.map(site => rowOf(site, site[amount]));
      return { resource, kind: 'call-site', rows };
    });
  });
}

function rowOf({ frames }: Site, value: number): ProfileRow {
  const stack = withoutStart(frames.map(([file, line, name]): Frame => ({ function: name, file, line })));
  return { key: frames.map(([file, line]) => `${file}:${line}`).join('\n'), stack, value };
}

/** Where a loop of events or connections runs: whoever called it has started the server, and made nothing since. */
const loops: [file: RegExp, name: RegExp][] = [
  [/[\\/]asyncio[\\/]base_events\.py$/, /(?:^|\.)(?:_run_once|run_forever|run_until_complete)$/],
  [/[\\/]asyncio[\\/]runners\.py$/, /(?:^|\.)run$/],
  [/[\\/]socketserver\.py$/, /(?:^|\.)serve_forever$/],
];

/** Without the lines that started the server: they are of one's own code, and below everything that it does. */
function withoutStart(stack: readonly Frame[]): readonly Frame[] {
  const loop = stack.findIndex(({ function: name, file = '' }) =>
    loops.some(([files, names]) => files.test(file) && names.test(name)),
  );
  const inside = loop < 0 ? stack : stack.slice(0, loop + 1);
  const started = inside.findLastIndex(({ function: name }) => name !== '<module>') + 1;
  return inside.slice(0, started).some(isLibraryCode) ? inside.slice(0, started) : inside;
}

function sitesIn(table: unknown): Site[] {
  if (!Array.isArray(table) || table.length > mostRows || !table.every(isSite))
    throw bad('a table in it is none');
  return table;
}

function isSite(row: unknown): row is Site {
  if (typeof row !== 'object' || row === null) return false;
  const { count, bytes, frames } = row as Partial<Record<keyof Site, unknown>>;
  return (
    isAmount(count) &&
    isAmount(bytes) &&
    Array.isArray(frames) &&
    frames.length > 0 &&
    frames.length <= mostFrames &&
    frames.every(isPlace)
  );
}

function isPlace(frame: unknown): boolean {
  if (!Array.isArray(frame)) return false;
  const [file, line, name] = frame as unknown[];
  return typeof file === 'string' && isAmount(line) && typeof name === 'string';
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function parse(bytes: Uint8Array): Record<string, unknown> {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  } catch (error) {
    throw bad('it is not JSON', error);
  }
}

function bad(why: string, cause?: unknown): Error {
  return targetError('BAD_PROFILE', `What the agent tells of its call sites cannot be read: ${why}.`, {
    cause,
  });
}
