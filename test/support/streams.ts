import { run } from '../../src/cli.js';
import type { Streams } from '../../src/commands/streams.js';

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the command line inside the test: what it wrote, and the exit code it would have ended with. */
export async function runCli(args: string[], options: RunOptions = {}): Promise<Ran> {
  const output = { stdout: '', stderr: '' };
  const listeners: (() => void)[] = [];
  const streams: Streams = {
    argv: ['node', 'leakhunt', ...args],
    env: options.env ?? {},
    stdout: stream('stdout', options.columns),
    stderr: stream('stderr', options.columns),
    on: (signal, listener) => signal === 'SIGINT' && listeners.push(listener),
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
  columns?: number;
  tty?: boolean;
  /** Called with everything that is written; `interrupt` is Ctrl-C. */
  onWrite?: (text: string, interrupt: () => void) => void;
}
