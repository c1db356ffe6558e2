import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { messageOf } from '../../errors.js';
import { toolEnvironment } from './jdk-tool.js';

/** What is left of an answer is at most so long (characters), and it takes at most so long (ms). */
const largest = 64 * 2 ** 20;
const longest = 60_000;

/**
 * What `jfr print --json` writes of one kind of event in a recording, without what it says again and again: of every
 * class the loader and the package, hundreds of bytes for one of use. Rejects with a sentence without a full stop.
 */
export async function jfrPrint(event: string, file: string): Promise<string> {
  const args = ['print', '--json', '--stack-depth', '64', '--events', event, file];
  const signal = AbortSignal.timeout(longest);
  const child = spawn('jfr', args, {
    env: toolEnvironment(),
    stdio: ['ignore', 'pipe', 'ignore'],
    killSignal: 'SIGKILL',
    signal,
  });
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  const ended = new Promise<number | null>(resolve => child.once('close', resolve));
  const read = async () => {
    const kept: string[] = [];
    let length = 0;
    const keep = withoutRepetition(line => {
      kept.push(line);
      length += line.length + 1;
    });
    for await (const line of createInterface({ input: child.stdout })) {
      keep(line);
      if (length > largest) throw new Error('it wrote more than 64 MiB');
    }
    const code = await ended;
    if (code !== 0) throw new Error(`exit code ${code}`);
    return kept.join('\n');
  };
  try {
    return await Promise.race([read(), failed]);
  } catch (error) {
    const why = signal.aborted ? `it was not done within ${longest / 1000} s` : messageOf(error);
    throw new Error(`jfr print --events ${event} failed (${why})`);
  } finally {
    child.kill('SIGKILL');
  }
}

/** What is said of every class and thread, and not read. */
const repeated = /^( *)"(classLoader|package|eventThread|parentThread|group)": \{\s*$/;

/** Passes on the lines of pretty-printed JSON, with null in the place of those objects. */
export function withoutRepetition(pass: (line: string) => void): (line: string) => void {
  let skipped: { indent: string; key: string } | undefined;
  return line => {
    if (skipped) {
      if (!line.startsWith(`${skipped.indent}}`)) return;
      pass(`"${skipped.key}": null${line.trimEnd().endsWith(',') ? ',' : ''}`);
      skipped = undefined;
      return;
    }
    const [, indent, key] = repeated.exec(line) ?? [];
    if (key === undefined) pass(line.trim());
    else skipped = { indent: indent!, key };
  };
}
