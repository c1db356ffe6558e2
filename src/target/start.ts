import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { LeakhuntError, targetError } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import { groupRuns } from './procfs.js';

export interface StartOptions {
  /** A shell command line. */
  command: string;
  cwd?: string;
  /** Added to leakhunt's own environment. */
  env?: Record<string, string>;
  /** The address that answers, with whatever status, once the target is ready. */
  ready: URL;
  /** Seconds. */
  readyTimeout: number;
  /** Seconds between SIGTERM and SIGKILL. */
  stopTimeout: number;
}

/** A target that leakhunt started and will stop. */
export interface StartedTarget extends AsyncDisposable {
  /** How it ended and the last lines it wrote; undefined while it runs. One that is just ending is waited for. */
  obituary(): Promise<string | undefined>;
}

const keptOutput = 64 * 1024;
const shownLines = 10;

/**
 * Starts the target in a process group of its own with a private temp folder, and waits until it answers.
 * Rejects with exit 4 where it ends before, or does not answer in time. The group ends with leakhunt,
 * however leakhunt ends.
 */
export async function startTarget(options: StartOptions, signal?: AbortSignal): Promise<StartedTarget> {
  const folder = await mkdtemp(join(tmpdir(), 'leakhunt-target-'));
  const child = spawn('/bin/sh', ['-c', options.command], {
    cwd: options.cwd,
    env: environment(options.env, folder),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>(resolve =>
    child.once('exit', () => resolve()).once('error', () => resolve()),
  );
  const output = collectOutput(child);
  const guard = child.pid === undefined ? undefined : guardGroup(child.pid);

  const target: StartedTarget = {
    async obituary() {
      await Promise.race([ended, sleep(100)]);
      return hasEnded(child) ? obituaryOf(child, output()) : undefined;
    },
    async [Symbol.asyncDispose]() {
      if (child.pid !== undefined) await stopGroup(child.pid, options.stopTimeout);
      if (guard?.pid !== undefined) signalGroup(guard.pid, 'SIGKILL');
      child.stdout?.destroy();
      child.stderr?.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await untilReady(options, () => hasEnded(child), signal);
    const obituary = hasEnded(child) && (await target.obituary());
    if (obituary) throw targetError('TARGET_DIED', `The target ended before it was ready: ${obituary}`);
    return target;
  } catch (error) {
    await target[Symbol.asyncDispose]();
    if (error instanceof LeakhuntError) throw error;
    throw targetError(
      'NOT_STARTED',
      `--start "${options.command}" cannot be run: ${(error as Error).message}.`,
    );
  }
}

/** What helps measuring is turned on: Node's inspector, and a finer sampling of Go's heap profile. */
function environment(extra: Record<string, string> = {}, folder: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, TMPDIR: folder, ...extra };
  if (!/--inspect/.test(env.NODE_OPTIONS ?? '')) {
    env.NODE_OPTIONS = `${env.NODE_OPTIONS ?? ''} --inspect=127.0.0.1:0`.trim();
  }
  if (!/memprofilerate=/.test(env.GODEBUG ?? '')) {
    env.GODEBUG = [env.GODEBUG, 'memprofilerate=65536'].filter(Boolean).join(',');
  }
  return env;
}

/** A shell that does nothing but wait for this process to end, however it ends, and then ends the group. */
function guardGroup(group: number): ChildProcess {
  const script = 'cat >/dev/null; kill -s KILL -- "-$1" 2>/dev/null';
  const guard = spawn('/bin/sh', ['-c', script, 'sh', String(group)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  guard.stdin?.on('error', () => {});
  return guard;
}

async function stopGroup(group: number, timeout: number): Promise<void> {
  const deadline = performance.now() + timeout * 1000;
  signalGroup(group, 'SIGTERM');
  while ((await groupLives(group)) && performance.now() < deadline) await sleep(10);
  if (signalGroup(group, 'SIGKILL')) while (await groupLives(group)) await sleep(10);
}

/** Zombies do not count: where nobody reaps them they stay for ever. */
async function groupLives(group: number): Promise<boolean> {
  return signalGroup(group, 0) && (await groupRuns(group)) !== false;
}

function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}

async function untilReady(
  { ready, readyTimeout, command }: StartOptions,
  hasEnded: () => boolean,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + readyTimeout * 1000;
  while (!(await answers(ready)) && !hasEnded()) {
    if (signal?.aborted) {
      throw new LeakhuntError(
        'INTERRUPTED',
        'Interrupted before the target was ready.',
        exitCodes.interrupted,
      );
    }
    if (performance.now() > deadline) {
      throw targetError(
        'NOT_READY',
        `--start "${command}" did not answer at ${ready.origin}${ready.pathname} within ${readyTimeout} s: ` +
          'check the address (--ready), or raise --ready-timeout.',
      );
    }
    await sleep(25);
  }
}

/** Whether anything answers HTTP there, with whatever status. */
async function answers(url: URL): Promise<boolean> {
  try {
    const { body } = await request(url, { reset: true, signal: AbortSignal.timeout(2_000) });
    await body.dump();
    return true;
  } catch {
    return false;
  }
}

function hasEnded({ exitCode, signalCode, pid }: ChildProcess): boolean {
  return pid === undefined || exitCode !== null || signalCode !== null;
}

function obituaryOf({ exitCode, signalCode }: ChildProcess, output: string): string {
  const how = signalCode ? `it was ended by ${signalCode}` : `it exited with status ${exitCode}`;
  const outOfMemory = signalCode === 'SIGKILL' ? ', as the kernel does when memory runs out' : '';
  const lines = output.trimEnd().split('\n').slice(-shownLines);
  const last = output.trim() === '' ? 'It wrote nothing.' : `Its last lines:\n  ${lines.join('\n  ')}`;
  return `${how}${outOfMemory}. ${last}`;
}

/** The last of what the process wrote, bounded. */
function collectOutput(child: ChildProcess): () => string {
  let output = '';
  const add = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-keptOutput);
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  return () => output;
}
