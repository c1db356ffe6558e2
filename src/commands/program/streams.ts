import { Chalk, type ChalkInstance } from 'chalk';

/** What the program needs from `process`: a test passes in its own. */
export interface Streams {
  argv: string[];
  env: Record<string, string | undefined>;
  /** Read only if a request takes its data from there. */
  stdin?: AsyncIterable<Uint8Array | string>;
  stdout: OutputStream;
  stderr: OutputStream;
  exitCode?: number | string | null;
  /** The folder that hunts are kept in. */
  cwd?(): string;
  on(signal: Interruption, listener: () => void): unknown;
  on(fault: 'uncaughtException' | 'unhandledRejection', listener: (error: unknown) => void): unknown;
  off(signal: Interruption, listener: () => void): unknown;
}

/** Ctrl-C, the signal by which a supervisor ends a process, and a closed terminal. */
export type Interruption = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/**
 * Makes an action from a command's function, which returns the exit code of a verdict, or nothing if it only
 * prints.
 */
export type Returning = <Args extends unknown[]>(
  action: (...args: Args) => Promise<number | undefined>,
) => (...args: Args) => Promise<void>;

export interface OutputStream {
  write(text: string, done?: () => void): unknown;
  on?(event: 'error', listener: (error: Error) => void): unknown;
  /** The descriptor of a stream of the process. */
  fd?: number;
  destroyed?: boolean;
  isTTY?: boolean;
  columns?: number;
}

/** The current folder. */
export function folderOf({ cwd }: Pick<Streams, 'cwd'>): string {
  return cwd?.() ?? '.';
}

/** How a stream may be written to. */
export interface TerminalStyle {
  width: number;
  unicode: boolean;
  colour: ChalkInstance;
}

/**
 * 80 columns in a pipe, or if a terminal reports none; no colour there, with NO_COLOR (no-color.org) or on a
 * dumb terminal, unless FORCE_COLOR is set.
 */
export function lookOf(stream: OutputStream, env: Streams['env']): TerminalStyle {
  const dumb = env.TERM === 'dumb';
  const wanted = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0';
  const coloured = wanted || (stream.isTTY === true && !dumb && !env.NO_COLOR);
  return {
    width: stream.columns || 80,
    unicode: !dumb && env.TERM !== 'linux',
    colour: new Chalk({ level: coloured ? 1 : 0 }),
  };
}
