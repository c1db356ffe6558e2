import { Chalk, type ChalkInstance } from 'chalk';

/** What the program needs of `process`: a test hands in its own. */
export interface Streams {
  argv: string[];
  env: Record<string, string | undefined>;
  stdout: OutputStream;
  stderr: OutputStream;
  exitCode?: number | string | null;
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  off(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

export interface OutputStream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** How a stream may be written to. */
export interface Look {
  width: number;
  unicode: boolean;
  colour: ChalkInstance;
}

/** 80 columns in a pipe; no colour there, with NO_COLOR (no-color.org) or on a dumb terminal, unless FORCE_COLOR. */
export function lookOf(stream: OutputStream, env: Streams['env']): Look {
  const dumb = env.TERM === 'dumb';
  const wanted = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0';
  const coloured = wanted || (stream.isTTY === true && !dumb && !env.NO_COLOR);
  return {
    width: stream.columns ?? 80,
    unicode: !dumb && env.TERM !== 'linux',
    colour: new Chalk({ level: coloured ? 1 : 0 }),
  };
}
