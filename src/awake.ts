import { uptime } from 'node:os';

/** Milliseconds between two looks at the clock. */
const interval = 100;
/** A shorter gap between two looks may be a busy machine's; no time-out that matters is as short. */
const shortestGap = 3_000;
/** Who is stopped uses no CPU: at most so large a share of the gap, beside what was used before it since the last look. */
const mostCpu = 1 / 20;

/** How long a process did not run, in milliseconds. */
export interface Missed {
  /** It was stopped (SIGSTOP, Ctrl-Z, a frozen container), while its clock went on. */
  stopped: number;
  /** The machine was asleep, and the clock of its processes with it: CLOCK_MONOTONIC, unlike CLOCK_BOOTTIME (clock_gettime(2)). */
  asleep: number;
}

export const nothingMissed: Missed = { stopped: 0, asleep: 0 };

export function wasMissed({ stopped, asleep }: Missed): boolean {
  return stopped > 0 || asleep > 0;
}

/** What a clock is made of: milliseconds that `performance.now()` tells, that the machine is up, and of CPU used. */
export interface Ticks {
  now(): number;
  up(): number;
  cpu(): number;
}

const ownTicks: Ticks = {
  now: () => performance.now(),
  up: () => uptime() * 1000,
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};

/**
 * A clock that stands still while its process does: who is stopped in the middle of a wait has not waited. What is late
 * because a thread was busy is late; only where nothing was done in it, a gap between two looks was no time at all.
 */
export class AwakeClock {
  readonly #ticks: Ticks;
  readonly #missed: Missed = { ...nothingMissed };
  #watches = 0;
  #timer: NodeJS.Timeout | undefined;
  #last = 0;
  /** At the last look of the timer. */
  #cpu = 0;
  #sleep = 0;

  constructor(ticks: Ticks = ownTicks) {
    this.#ticks = ticks;
  }

  /** Milliseconds, as `performance.now()` without what was missed. */
  now(): number {
    const now = this.#ticks.now();
    if (this.#watches > 0) {
      if (now - this.#last > shortestGap) this.#judgeGap(now - this.#last);
      this.#last = now;
    }
    return now - this.#missed.stopped;
  }

  /** All that was missed so far while anybody watched. */
  get missed(): Missed {
    this.look();
    return { ...this.#missed };
  }

  /** Notices gaps until it is disposed of; others may watch as well. */
  watch(): Disposable {
    if (this.#watches === 0) {
      this.#last = this.#ticks.now();
      this.#cpu = this.#ticks.cpu();
      this.#sleep = this.#slept();
      this.#timer = setInterval(() => this.look(), interval).unref();
    }
    this.#watches += 1;
    return {
      [Symbol.dispose]: () => {
        this.#watches -= 1;
        if (this.#watches === 0) clearInterval(this.#timer);
      },
    };
  }

  look(): void {
    if (this.#watches === 0) return;
    this.now();
    this.#cpu = this.#ticks.cpu();
    const slept = this.#slept() - this.#sleep;
    if (slept < shortestGap) return;
    this.#missed.asleep += slept;
    this.#sleep += slept;
  }

  #judgeGap(gap: number): void {
    const cpu = this.#ticks.cpu();
    if (cpu - this.#cpu < interval + mostCpu * gap) this.#missed.stopped += gap - interval;
    this.#cpu = cpu;
  }

  #slept(): number {
    return this.#ticks.up() - this.#ticks.now();
  }
}

/** The clock of this thread. */
export const awake = new AwakeClock();
