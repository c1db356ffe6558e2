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
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  off(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

export interface OutputStream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** The current folder. */
export function folderOf({ cwd }: Pick<Streams, 'cwd'>): string {
  return cwd?.() ?? '.';
}

/** How a stream may be written to. */
export interface Look {
  width: number;
  unicode: boolean;
  colour: ChalkInstance;
}

/** 80 columns in a pipe, and where a terminal says that it has none; no colour there, with NO_COLOR (no-color.org) or on a dumb terminal, unless FORCE_COLOR. */
export function lookOf(stream: OutputStream, env: Streams['env']): Look {
  const dumb = env.TERM === 'dumb';
  const wanted = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0';
  const coloured = wanted || (stream.isTTY === true && !dumb && !env.NO_COLOR);
  return {
    width: stream.columns || 80,
    unicode: !dumb && env.TERM !== 'linux',
    colour: new Chalk({ level: coloured ? 1 : 0 }),
  };
}
