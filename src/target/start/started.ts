import type { ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTime } from '../procfs.js';
import type { StartedTarget, StartOptions } from '../start.js';
import { Belongings } from './belongings.js';
import type { Guard } from './guard.js';
import { collectOutput, hasEnded, obituaryOf } from './output.js';
import { leftAt, type Origin } from './port.js';
import type { Starter } from './ready.js';
import { endAll, runStopCommand, type Surroundings } from './stop.js';

interface Setup extends StartOptions {
  url: URL;
  mark: string;
  /** Its temp folder. */
  folder: string;
  surroundings: Surroundings;
}

/** What came of a command that starts a target. */
export class Started implements StartedTarget, Starter {
  readonly #child: ChildProcess;
  readonly #guard: Guard;
  readonly #setup: Setup;
  readonly #belongings: Belongings | undefined;
  readonly #output: () => string;
  readonly #ended: Promise<void>;
  /** Whether the command had ended in good order when the target was ready. */
  #handedOver = false;
  #stopped: Promise<string[]> | undefined;

  constructor(child: ChildProcess, guard: Guard, setup: Setup) {
    this.#child = child;
    this.#guard = guard;
    this.#setup = setup;
    this.#output = collectOutput(child);
    this.#ended = new Promise(resolve => child.once('exit', () => resolve()).once('error', () => resolve()));
    if (child.pid === undefined) return;
    guard.watch(child.pid);
    this.#belongings = new Belongings(child.pid, setup.mark);
  }

  get failed(): boolean {
    return hasEnded(this.#child) && this.#child.exitCode !== 0;
  }

  get handover(): string | undefined {
    return hasEnded(this.#child) && !this.failed ? obituaryOf(this.#child, this.#output()) : undefined;
  }

  /** To be asked once the target is ready. */
  async origin(): Promise<Origin> {
    const belongings = this.#belongings!;
    this.#handedOver = this.handover !== undefined;
    await belongings.look();
    this.#guard.watch(belongings.group);
    // The guard is a little older than the command.
    const since = await startTime(this.#guard.pid!).catch(() => Number.POSITIVE_INFINITY);
    return { belongings, since, handedOver: this.#handedOver };
  }

  async obituary(): Promise<string | undefined> {
    await Promise.race([this.#ended, sleep(100)]);
    // The end of a command that had handed over says nothing of the target.
    return hasEnded(this.#child) && !this.#handedOver ? obituaryOf(this.#child, this.#output()) : undefined;
  }

  stop(): Promise<string[]> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** By its own command first, so that a service manager does not start again what is ended. */
  async #stop(): Promise<string[]> {
    const { stop, surroundings, stopTimeout, folder, url } = this.#setup;
    const notes: string[] = [];
    try {
      if (!this.#belongings) return notes;
      const failure = stop === undefined ? undefined : await runStopCommand(stop, surroundings);
      if (failure !== undefined) notes.push(failure);
      notes.push(...(await endAll(this.#belongings, stopTimeout)));
      if (notes.length === 0 || failure !== undefined) notes.push(...(await leftAt(url)));
    } finally {
      this.#guard.dismiss();
      this.#child.stdout?.destroy();
      this.#child.stderr?.destroy();
      await rm(folder, { recursive: true, force: true });
    }
    return notes;
  }
}
