import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { startTarget, type Target } from './target.js';

const folder = fileURLToPath(new URL('../../fixtures/targets/node-unhappy', import.meta.url));

export interface UnhappyState {
  /** Bytes of buffers that survive a collection. */
  arrayBuffers: number;
  /** How many uploads ended in which way. */
  ends: Record<'complete' | 'abort' | 'gone' | 'stall' | 'truncate' | 'malformed' | 'reject', number>;
  /** How many temp files they had opened by then. */
  opened: number;
}

/** Starts the server that leaks on one unhappy path; it is stopped when the test ends. */
export async function startUnhappyTarget(leak: string): Promise<Target> {
  const target = await startTarget(process.execPath, ['--expose-gc', 'server.js'], {
    cwd: folder,
    env: { LEAK: leak },
  });
  onTestFinished(async () => {
    await target.stop();
  });
  return target;
}

export async function stateOf({ origin }: Target): Promise<UnhappyState> {
  return (await fetch(`${origin}/state`)).json() as Promise<UnhappyState>;
}

/** How many temp files a target has left in its folder, and how many it holds open. */
export async function leftBy({ pid, tmp }: Target): Promise<{ files: number; open: number }> {
  const files = await readdir(tmp);
  const descriptors = await readdir(`/proc/${pid}/fd`);
  const targets = await Promise.all(
    descriptors.map(each => readlink(join(`/proc/${pid}/fd`, each)).catch(() => '')),
  );
  return { files: files.length, open: targets.filter(each => each.startsWith(`${tmp}/`)).length };
}
