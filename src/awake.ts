import { uptime } from 'node:os';

/** Milliseconds between two looks at the clock. */
const interval = 100;
/** A shorter gap between two looks may only mean a busy machine; no time-out that matters is this short. */
const shortestGap = 3_000;
/**
 * A stopped process uses no CPU: at most this share of the gap, beside what it had used before it since the
 * last look.
 */
const mostCpu = 1 / 20;

/** How long a process did not run, in milliseconds. */
export interface Missed {
  /** It was stopped (SIGSTOP, Ctrl-Z, a frozen container) while its clock went on. */
  stopped: number;
  /**
   * The machine was asleep, and so was the clock of its processes: CLOCK_MONOTONIC, unlike CLOCK_BOOTTIME
   * (clock_gettime(2)).
   */
  asleep: number;
}

export const nothingMissed: Missed = { stopped: 0, asleep: 0 };

export function wasMissed({ stopped, asleep }: Missed): boolean {
  return stopped > 0 || asleep > 0;
}

/**
 * What a clock is made of, in milliseconds: `performance.now()`, the machine's uptime, and the CPU time used.
 */
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
 * A clock that stands still while its process does: a process that is stopped during a wait has not waited. A
 * busy thread is late, and that counts; a gap between two looks does not count only if nothing was done in
 * it.
 */
export class AwakeClock {
  readonly #ticks: Ticks;
  readonly #missed: Missed = { ...nothingMissed };
  #watches = 0;
  #timer: NodeJS.Timeout | undefined;
  #last = 0;
  /** As of the timer's last look. */
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

  /** Everything that was missed so far while anybody watched. */
  get missed(): Missed {
    this.look();
    return { ...this.#missed };
  }

  /** Notices gaps until it is disposed of; others may watch too. */
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
