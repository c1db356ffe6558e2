import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Hunt, type HuntOptions, hunt } from '../../src/index.js';
import { freePort } from './servers.js';

const server = fileURLToPath(new URL('../../fixtures/targets/python-plain/server.py', import.meta.url));

/** What the server can leave behind of each upload (`keep_...`), and what grows. */
export type PlainLeak =
  | 'body'
  | 'closure'
  | 'instance'
  | 'task'
  | 'thread'
  | 'file'
  | 'socket'
  | 'temp_file'
  | 'nothing';

interface PlainOptions extends Partial<HuntOptions> {
  /** Options of the interpreter. */
  python?: string;
  env?: Record<string, string>;
}

/** Hunts the standard library's server as leakhunt starts it by itself. */
export async function huntPlain(
  leak: PlainLeak,
  { python = 'python3', env, ...options }: PlainOptions = {},
): Promise<Hunt> {
  const port = await freePort();
  return hunt({
    url: `http://127.0.0.1:${port}/upload`,
    start: {
      command: `exec ${python} ${server}`,
      cwd: dirname(server),
      env: { PORT: String(port), LEAK: leak, ...env },
    },
    fixture: { kind: 'random', size: 5_000, seed: 1 },
    uploadsPerRound: 20,
    rounds: 8,
    warmUpRounds: 1,
    minUploads: 0,
    concurrency: 4,
    drain: '0.05',
    settle: 0.2,
    ...options,
  });
}

/** The line of the server that has a text, counted from 1. */
export function lineOf(text: string): number {
  const found = spawnSync('grep', ['-nF', text, server], { encoding: 'utf8' }).stdout;
  return Number.parseInt(found, 10);
}

export const serverFile = server;
