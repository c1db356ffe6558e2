import type { Container } from '../containers/container.js';
import { inWords, programOf } from '../processes/program.js';
import type { Address } from '../processes/sockets.js';
import { type Forwarder, forwarderNamed } from './forwarders.js';
import type { Holder } from './holder.js';

/** A forwarder on the way to the target. */
export interface Hop {
  pid: number;
  name: string;
}

/** Where a forwarder leads, or why that cannot be seen and what to do about it. */
export type Lead = FoundProcess | { container: Container } | Hidden;

export interface FoundProcess {
  pid: number;
  /** The address at which it accepts what is handed on, if known. */
  at?: Address;
}

export interface Hidden {
  why: string;
  wayOut: string;
  /** It was not seen to hand anything on. */
  idle?: true;
}

export type Known = Forwarder & Hop & FoundProcess;

export const byPid = 'name the server process with --probe pid=PID, or upload to its own port';

/** `nginx (pid 12)` */
export function hopInWords({ name, pid }: Hop): string {
  return `${name} (pid ${pid})`;
}

export async function leadTo(
  { holder, place: at }: { holder: Holder; place: string },
  { wayOut }: Known,
): Promise<FoundProcess | Hidden> {
  switch (holder.kind) {
    case 'process':
      return { pid: holder.pid };
    case 'other-user':
      return {
        why: `it passes them to ${at}, which belongs to a process of user ${holder.user}`,
        wayOut: 'run leakhunt as that user or with sudo, or name the process with --probe pid=PID',
      };
    case 'rivals': {
      const { names, choice } = await ambiguousPidsInWords(holder.pids);
      return { why: `it passes them to ${at}, where ${names} listen`, wayOut: choice };
    }
    default:
      return {
        why: `it passes them to ${at}, which is not on this machine`,
        wayOut:
          wayOut ??
          `run leakhunt there, or name a source for its memory, e.g. --probe prometheus=${at}/metrics`,
      };
  }
}

/** The processes on one port by their command lines, and how to choose one that does not only forward. */
export async function ambiguousPidsInWords(
  pids: readonly number[],
): Promise<{ names: string; choice: string }> {
  const programs = await Promise.all(pids.map(programOf));
  const server = programs.find(({ names }) => !forwarderNamed(names));
  return {
    names: programs.map(inWords).join(' and '),
    choice: server ? `choose one, e.g. --probe pid=${server.pid}` : byPid,
  };
}
