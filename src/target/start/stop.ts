import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../errors.js';
import { describe } from '../processes/command-line.js';
import type { Belongings } from './belongings.js';
import { collectOutput, exitReportOf } from './output.js';
import { signal } from './signal.js';

/** Seconds that the stop command may take: that of Docker Compose gives each container ten. */
export const stopLimit = 60;

/** The folder and the environment of a command. */
export interface Surroundings {
  cwd?: string;
  env: NodeJS.ProcessEnv;
}

/** Runs the stop command; returns a sentence if it fails or takes too long. */
export async function runStopCommand(
  command: string,
  surroundings: Surroundings,
): Promise<string | undefined> {
  const child = spawn('/bin/sh', ['-c', command], {
    ...surroundings,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collectOutput(child, surroundings.env);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    if (child.pid !== undefined) signal(-child.pid, 'SIGKILL');
  }, stopLimit * 1000);
  const error = await new Promise<Error | undefined>(resolve => {
    child.once('error', resolve).once('exit', () => resolve(undefined));
  });
  clearTimeout(timer);
  child.stdout.destroy();
  child.stderr.destroy();
  if (error) return `--stop "${command}" could not be run: ${messageOf(error)}.`;
  if (late) return `--stop "${command}" did not finish within ${stopLimit} s and was killed.`;
  return child.exitCode === 0 ? undefined : `--stop "${command}" failed: ${exitReportOf(child, output())}`;
}

/** How long a killed process may take to disappear, and a supervisor to restart it (ms). */
const [killTime, restartTime] = [2_000, 1_000];
const interval = 20;

/**
 * Asks everything that belongs to the target to end, kills what has not after `timeout` seconds, and names
 * what still lives.
 */
export async function endAll(belongings: Belongings, timeout: number): Promise<string[]> {
  if (!(await belongings.live())) return [];
  const { keepers } = belongings;
  belongings.signal('SIGTERM');
  const ended =
    (await endWithin(belongings, timeout * 1000)) ||
    (await endWithin(belongings, killTime, () => belongings.signal('SIGKILL')));
  if (ended && (keepers.length === 0 || !(await comesBack(belongings)))) return [];
  const left = await belongings.look();
  return Promise.all(
    left.map(({ pid, parent }) => leftover(pid, keepers.includes(parent) ? parent : undefined)),
  );
}

async function leftover(pid: number, keeper: number | undefined): Promise<string> {
  const how =
    keeper === undefined
      ? 'could not be stopped by leakhunt'
      : `is started again by ${await describe(keeper)}`;
  return `${await describe(pid)} ${how} and is still running: add --stop with the command that stops it.`;
}

async function comesBack(belongings: Belongings): Promise<boolean> {
  const deadline = performance.now() + restartTime;
  while (performance.now() < deadline) {
    if (await belongings.live()) return true;
    await sleep(5 * interval);
  }
  return false;
}

async function endWithin(belongings: Belongings, ms: number, again = () => {}): Promise<boolean> {
  const deadline = performance.now() + ms;
  do {
    again();
    await sleep(interval);
    if (!(await belongings.live())) return true;
  } while (performance.now() < deadline);
  return false;
}
