import { spawn } from 'node:child_process';
import { LeakhuntError, withNotes } from '../errors.js';

import type { UploadConnection } from '../net/uploads.js';

import { makeOwnFolder } from './own-folder.js';

import { markedEnvironment, measurable, newMark } from './start/environment.js';
import { standGuard } from './start/guard.js';
import { endLeft } from './start/left.js';
import { refuseHeldPort } from './start/port.js';
import { untilReady } from './start/ready.js';
import { Started } from './start/started.js';
import { stopLimit } from './start/stop.js';

export interface StartOptions {
  /** A shell command line. One that ends with status 0 has handed over to a daemon or a container. */
  command: string;
  cwd?: string;
  /** Added to leakhunt's own environment. */
  env?: Record<string, string>;
  /** Where the uploads go: nothing else may hold its port. `ready` where it is not given. */
  url?: URL;
  /** How they connect. */
  via?: UploadConnection;
  /** The address that answers, with whatever status, once the target is ready. */
  ready: URL;
  /** Seconds. */
  readyTimeout: number;
  /** A shell command line that ends the target, run before what is left of it is ended. */
  stop?: string;
  /** Seconds between SIGTERM and SIGKILL. */
  stopTimeout: number;
}

/** A target that leakhunt started and will stop. */
export interface StartedTarget extends AsyncDisposable {
  /** How it ended and the last lines it wrote; undefined while it runs. One that is just ending is waited for. */
  obituary(): Promise<string | undefined>;
  /** Stops it, once; what could not be stopped is told, a sentence each. */
  stop(): Promise<string[]>;
}

/**
 * Starts the target in a process group of its own with a private temp folder, and waits until it answers.
 * Rejects with exit 4 where its port is held by something else, where it ends before, or does not answer in time.
 * Whatever it started ends with leakhunt, however leakhunt ends.
 */
export async function startTarget(options: StartOptions, signal?: AbortSignal): Promise<StartedTarget> {
  const { command, cwd, url = options.ready } = options;
  await endLeft();
  await refuseHeldPort({ ...options, url });
  const mark = await newMark();
  const folder = await makeOwnFolder('target');
  const surroundings = { cwd, env: markedEnvironment(mark, folder, options.env) };
  const guard = standGuard({ ...options, ...surroundings, mark, folder, stopLimit });
  const child = spawn('/bin/sh', ['-c', command], {
    cwd,
    env: measurable(surroundings.env),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const target = new Started(child, guard, { ...options, url, mark, folder, surroundings });
  try {
    await untilReady(options, target, signal);
    if (!target.failed) await target.confirm(signal);
    if (target.failed) throw await target.failure();
    return target;
  } catch (error) {
    const notes = await target.stop();
    throw error instanceof LeakhuntError ? withNotes(error, notes) : error;
  }
}
