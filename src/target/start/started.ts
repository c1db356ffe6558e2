import type { ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LeakhuntError, messageOf, targetError } from '../../errors.js';
import { startTime, treeOf } from '../processes/procfs.js';
import { Belongings } from './belongings.js';
import type { Guard } from './guard.js';
import { collectOutput, exitReportOf, hasEnded } from './output.js';
import { heldBy, leftAt, strangerAmong } from './port.js';
import { holdersOf, portOf } from './port-holder.js';
import type { Starter } from './ready.js';
import type { StartedTarget, StartOptions } from './started-target.js';
import { endAll, runStopCommand, type Surroundings } from './stop.js';

interface StartSetup extends StartOptions {
  url: URL;
  mark: string;
  /** Its temp folder, and that of agents in it. */
  folders: readonly string[];
  surroundings: Surroundings;
}

/** The result of a command that starts a target. */
export class Started implements StartedTarget, Starter {
  readonly #child: ChildProcess;
  readonly #guard: Guard;
  readonly #setup: StartSetup;
  readonly #belongings: Belongings | undefined;
  readonly #output: () => string;
  readonly #ended: Promise<void>;
  readonly #closed: Promise<unknown>;
  /** Whether the target is another process than the command and its descendants. */
  #isElsewhere = false;
  /** Why the command could not be run at all. */
  #error: Error | undefined;
  #stopped: Promise<string[]> | undefined;

  constructor(child: ChildProcess, guard: Guard, setup: StartSetup) {
    this.#child = child;
    this.#guard = guard;
    this.#setup = setup;
    this.#output = collectOutput(child, setup.surroundings.env);
    this.#closed = new Promise(resolve => child.once('close', resolve));
    this.#ended = new Promise(resolve => {
      child.once('exit', () => resolve());
      child.once('error', error => {
        this.#error = error;
        resolve();
      });
    });
    if (child.pid === undefined) return;
    guard.watch(child.pid);
    this.#belongings = new Belongings(child.pid, setup.mark);
  }

  get failed(): boolean {
    return hasEnded(this.#child) && this.#child.exitCode !== 0;
  }

  get handover(): string | undefined {
    return hasEnded(this.#child) && !this.failed ? exitReportOf(this.#child, this.#output()) : undefined;
  }

  /**
   * Rejects if a stranger holds the port (exit 4). A process that a service manager starts looks like one,
   * except for its age: it is taken for the target once the command has ended in good order. Call this when
   * the target is ready.
   */
  async confirm(signal?: AbortSignal): Promise<void> {
    const belongings = this.#belongings!;
    const { readyTimeout } = this.#setup;
    await belongings.look();
    this.#guard.watch(belongings.group);
    const [holders, tree] = await Promise.all([holdersOf(this.#setup), treeOf(this.#child.pid!)]);
    this.#isElsewhere =
      this.handover !== undefined || (holders.length > 0 && !holders.some(pid => tree.includes(pid)));
    // The guard is a little older than the command.
    const since = await startTime(this.#guard.pid!).catch(() => Number.POSITIVE_INFINITY);
    const stranger = await strangerAmong(holders, portOf(this.#setup), belongings, since);
    if (stranger === undefined) return;
    if (stranger.young) {
      const late = sleep(readyTimeout * 1000, undefined, { ref: false, signal }).catch(() => {});
      await Promise.race([this.#ended, late]);
      if (this.handover !== undefined || signal?.aborted) return;
    }
    if (!this.failed) throw await heldBy(this.#setup, stranger.pid);
  }

  /** Why the target never started, once its command has failed. */
  async failure(): Promise<LeakhuntError> {
    await this.#ended;
    if (this.#error) {
      const { command, cwd } = this.#setup;
      const where = cwd === undefined ? '' : ` in the folder "${cwd}" (--cwd)`;
      return targetError(
        'NOT_STARTED',
        `--start "${command}" could not be run${where}: ${messageOf(this.#error)}.`,
      );
    }
    return targetError('TARGET_DIED', `The target exited before it was ready: ${await this.#lastWords()}`);
  }

  async exitReport(): Promise<string | undefined> {
    await Promise.race([this.#ended, sleep(100)]);
    // If a command that had handed over ends in good order, that says nothing about the target.
    if (!hasEnded(this.#child) || (this.#isElsewhere && !this.failed)) return undefined;
    return this.#lastWords();
  }

  /** Its output may come after its end; a daemon may hold it open for ever. */
  async #lastWords(): Promise<string> {
    await Promise.race([this.#closed, sleep(100)]);
    return exitReportOf(this.#child, this.#output());
  }

  stop(): Promise<string[]> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** Its own command is stopped first, so that a service manager does not restart what is ended. */
  async #stop(): Promise<string[]> {
    const { stop, surroundings, stopTimeout, folders } = this.#setup;
    const notes: string[] = [];
    try {
      if (!this.#belongings) return notes;
      const failure = stop === undefined ? undefined : await runStopCommand(stop, surroundings);
      if (failure !== undefined) notes.push(failure);
      notes.push(...(await endAll(this.#belongings, stopTimeout)));
      if (notes.length === 0 || failure !== undefined) notes.push(...(await leftAt(this.#setup)));
    } finally {
      this.#guard.dismiss();
      this.#child.stdout?.destroy();
      this.#child.stderr?.destroy();
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    }
    return notes;
  }
}
