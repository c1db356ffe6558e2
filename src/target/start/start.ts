import { spawn } from 'node:child_process';
import { LeakhuntError, withNotes } from '../../errors.js';
import { makeOwnFolder } from '../processes/own-folder.js';
import { markedEnvironment, measurable, newMark } from './environment.js';
import { standGuard } from './guard.js';
import { endLeft } from './left.js';
import { refuseHeldPort } from './port.js';
import { untilReady } from './ready.js';
import { Started } from './started.js';
import type { StartedTarget, StartOptions } from './started-target.js';
import { stopLimit } from './stop.js';

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
