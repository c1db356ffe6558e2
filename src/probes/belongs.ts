import type { Identity } from '../target/processes/identity.js';
import type { Runtime } from '../target/processes/runtime.js';

/** What a source reports about the process that it speaks for; absent where it does not know. */
export interface Claim {
  runtime?: Runtime;
  /** The words it was started with, separated by NULs. */
  command?: string;
  /** Its id, as the process itself sees it. */
  pid?: number;
  /** When it started, in seconds since the epoch; several if one page describes several processes. */
  started?: readonly number[];
  /** The TCP ports that it listens on. */
  ports?: readonly number[];
  /** For a cluster's primary: how many workers it has, each with a heap of its own. */
  workers?: number;
}

/** Whose a source is: the target's, another process's (known or not), or undecidable by what it reports. */
export type Belonging = 'own' | 'unknown' | { another: Identity | undefined };

/** Seconds: a runtime starts later than its process, and some clients write whole seconds. */
const startTolerance = 2;

/**
 * Whether a source speaks for one of the target's processes. If what it reports fits one of the `others` as
 * well (two servers with the same command line, or started in the same second), that cannot be decided.
 */
export function belonging(claim: Claim, own: readonly Identity[], others: readonly Identity[]): Belonging {
  if (own.length === 0 || !says(claim)) return 'unknown';
  const parts = partsOf(claim);
  const foreign = parts.find(part => !own.some(each => isOf(part, each)));
  if (foreign) return { another: others.find(each => isOf(foreign, each)) };
  return others.some(each => fits(claim, each)) ? 'unknown' : 'own';
}

function says({ command, pid, started }: Claim): boolean {
  return command !== undefined || pid !== undefined || (started !== undefined && started.length > 0);
}

/** Whether a source may speak for a process, or for several including it. */
export function fits(claim: Claim, process: Identity): boolean {
  return says(claim) && partsOf(claim).some(part => isOf(part, process));
}

type Part = Omit<Claim, 'started'> & { started?: number | undefined };

/** What is reported about each process. */
function partsOf({ started = [], ...claim }: Claim): Part[] {
  return started.length === 0 ? [claim] : started.map(each => ({ ...claim, started: each }));
}

function isOf({ command, pid, started }: Part, process: Identity): boolean {
  const isNested = process.pids.length > 1;
  return (
    (command === undefined || command === process.command) &&
    (pid === undefined || pid === process.pids.at(-1)) &&
    // Each container has its own process 1; elsewhere the id alone identifies the process.
    (started === undefined || (pid !== undefined && !isNested) || beganAt(started, process))
  );
}

function beganAt(started: number, { starts }: Identity): boolean {
  return starts.some(each => Math.abs(each - started) <= startTolerance);
}
