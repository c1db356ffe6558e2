import { Chalk, type ChalkInstance } from 'chalk';

/** What the program needs of `process`: a test hands in its own. */
export interface Streams {
  argv: string[];
  env: Record<string, string | undefined>;
  /** Read only where a request takes its data from there. */
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

/** Ctrl-C, the end that a supervisor asks for, and a terminal that is closed. */
export type Interruption = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Makes an action of what a command does: it returns the exit code of a verdict, or nothing where it only prints. */
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

/** 80 columns in a pipe, and where a terminal says that it has none; no colour there, with NO_COLOR (no-color.org) or on a dumb terminal, unless FORCE_COLOR. */
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
