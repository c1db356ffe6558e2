import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/cli.js';
import type { Streams } from '../../src/commands/program/streams.js';

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

let made: string | undefined;

function nowhere(): string {
  if (made === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'leakhunt-cwd-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    made = folder;
  }
  return made;
}

/** Runs the command line inside the test: its output, and the exit code it would have ended with. */
export async function runCli(args: string[], options: RunOptions = {}): Promise<Ran> {
  const output = { stdout: '', stderr: '' };
  const listeners: (() => void)[] = [];
  const streams: Streams = {
    argv: ['node', 'leakhunt', ...args],
    env: options.env ?? {},
    cwd: () => options.cwd ?? nowhere(),
    stdin: options.stdin,
    stdout: stream('stdout', options.columns),
    stderr: stream('stderr', options.columns),
    on: (event: string, listener: never) => event === 'SIGINT' && listeners.push(listener),
    off: () => {},
  };

  function stream(name: 'stdout' | 'stderr', columns?: number) {
    return {
      columns,
      isTTY: options.tty,
      write(text: string) {
        output[name] += text;
        options.onWrite?.(text, () => {
          for (const listener of listeners) listener();
        });
      },
    };
  }

  await run(streams);
  return { code: Number(streams.exitCode ?? 0), ...output };
}

interface RunOptions {
  env?: Record<string, string>;
  /** Where hunts are kept; by default, in a folder that is removed after the tests. */
  cwd?: string;
  stdin?: AsyncIterable<Uint8Array | string>;
  columns?: number;
  tty?: boolean;
  /** Called with everything that is written; `interrupt` is Ctrl-C. */
  onWrite?: (text: string, interrupt: () => void) => void;
}
