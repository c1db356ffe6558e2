import { spawn } from 'node:child_process';
import { cp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { LeakhuntError, withNotes } from '../../errors.js';
import { packageFolder } from '../../package-folder.js';
import { makeOwnFolder } from '../processes/own-folder.js';
import { hasGone, ownerPattern } from '../processes/owner.js';
import { environmentOf, processes } from '../processes/procfs.js';
import { Belongings } from './belongings.js';
import { agentCode, markedEnvironment, markName, measurable, newMark } from './environment.js';
import { standGuard } from './guard.js';
import { refuseHeldPort } from './port.js';
import { untilReady } from './ready.js';
import { Started } from './started.js';
import type { StartedTarget, StartOptions } from './started-target.js';
import { endAll, stopLimit } from './stop.js';

/**
 * Starts the target in a process group of its own with a private temp folder, and waits until it answers.
 * Rejects with exit 4 if its port is held by something else, if it ends first, or does not answer in time.
 * Everything it started ends with leakhunt, however leakhunt ends.
 */
export async function startTarget(options: StartOptions, signal?: AbortSignal): Promise<StartedTarget> {
  const { command, cwd, url = options.ready } = options;
  await endLeft();
  await refuseHeldPort({ ...options, url });
  const mark = await newMark();
  const folder = await makeOwnFolder('target');
  const agents = await agentsFolder();
  const surroundings = { cwd, env: markedEnvironment(mark, folder, options.env) };
  const guard = standGuard({ ...options, ...surroundings, mark, folders: [folder, agents], stopLimit });
  const child = spawn('/bin/sh', ['-c', command], {
    cwd,
    env: measurable(surroundings.env, agents),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const target = new Started(child, guard, {
    ...options,
    url,
    mark,
    folders: [folder, agents],
    surroundings,
  });
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

/**
 * A folder for the sockets of agents, with a copy of their code: what Python compiles of it is gone with the hunt, and a
 * path in `PYTHONPATH` has no colon.
 */
async function agentsFolder(): Promise<string> {
  const folder = await makeOwnFolder('agents');
  const code = agentCode(folder);
  // On a full disk there is no agent, and no half of one; the target may go on without it.
  await cp(fileURLToPath(new URL('agents/python', packageFolder)), code, { recursive: true }).catch(() =>
    rm(code, { recursive: true, force: true }),
  );
  return folder;
}

const marks = new RegExp(`(?:^|,)((${ownerPattern})\\.[\\w-]+)(?=,|$)`, 'g');

/** Seconds from SIGTERM to SIGKILL. */
const patience = 5;

/**
 * Ends what was started by a leakhunt that was killed together with the guard that should have ended it: it
 * would hold the port, and be taken for a stranger. Linux only: elsewhere no mark can be seen.
 */
export async function endLeft(): Promise<void> {
  const own = process.env[markName] ?? '';
  const left = new Set<string>();
  for (const { pid } of await processes()) {
    const environment = await environmentOf(pid).catch(() => undefined);
    for (const [, mark, owner] of (environment?.[markName] ?? '').matchAll(marks)) {
      if (!own.includes(mark!) && (await hasGone(owner!))) left.add(mark!);
    }
  }
  for (const mark of left) await endAll(new Belongings(undefined, mark), patience);
}
