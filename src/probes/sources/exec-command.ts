import { spawn } from 'node:child_process';
import { formatBytes } from '../../units.js';

export interface CommandLimits {
  /** In ms. */
  time: number;
  /** Bytes of standard output. */
  output: number;
}

const limits: CommandLimits = { time: 10_000, output: 4 * 2 ** 20 };
/** The end of standard error is kept: it says what went wrong. */
const longestError = 4096;

/**
 * The output of a shell command, run in a process group of its own that is ended with it. Rejects if it
 * fails, takes too long or prints too much, with a sentence without a full stop.
 */
export function outputOf(command: string, { time, output }: CommandLimits = limits): Promise<string> {
  const child = spawn('/bin/sh', ['-c', command], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const end = () => endGroup(child.pid);
  process.once('exit', end);
  return new Promise<string>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let errors = '';
    const fail = (why: string) => reject(new Error(why));
    const timer = setTimeout(() => fail(`the command did not finish within ${time / 1000} s`), time);
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > output) fail(`the command printed more than ${formatBytes(output)}`);
      else chunks.push(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', text => {
      errors = (errors + text).slice(-longestError);
    });
    child.once('error', error => fail(`the command could not be run (${error.message})`));
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(Buffer.concat(chunks).toString());
      else fail(`the command ended with ${signal ?? `status ${code}`}${lastLine(errors)}`);
    });
  }).finally(() => {
    end();
    child.stdout.destroy();
    child.stderr.destroy();
    process.off('exit', end);
  });
}

function lastLine(text: string): string {
  const line = text.trim().split('\n').at(-1)!.trim();
  return line === '' ? '' : `: ${line.slice(-200)}`;
}

/** Also ends what it left running in the background. */
function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has ended.
  }
}
