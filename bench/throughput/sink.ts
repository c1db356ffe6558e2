import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fetch } from 'undici';

/** What the sink counted since it was last asked. */
export interface Counts {
  uploads: number;
  /** Body bytes. */
  bytes: number;
  smallest: number;
  largest: number;
  /** Uploads that ended before their last byte. */
  cut: number;
  /** From the first byte of the first upload to the answer of the last. */
  seconds: number;
}

export interface Sink {
  url: string;
  /** Counts since the last call, once every upload connection is closed. */
  counts(): Promise<Counts>;
  close(): Promise<void>;
}

/** Throws without Go. */
export function goVersion(): string {
  try {
    return execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' }).trim();
  } catch (cause) {
    throw new Error('The sink is a Go program, and "go" cannot be started: install Go and run this again.', {
      cause,
    });
  }
}

/** Builds the sink into `folder` and starts it as a process of its own. Needs Go. */
export async function startSink(folder: string): Promise<Sink> {
  const program = join(folder, 'sink');
  execFileSync('go', ['build', '-o', program, join(import.meta.dirname, 'sink/main.go')]);
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  const url = `http://127.0.0.1:${Number(port)}/upload`;
  return {
    url,
    counts: async () => (await (await fetch(url)).json()) as Counts,
    close: async () => {
      const ended = once(child, 'exit');
      child.stdin.end();
      await Promise.all([ended, text(child.stdout)]);
    },
  };
}
