import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Ended } from './row.js';

const bin = fileURLToPath(new URL('../../bin/leakhunt.js', import.meta.url));
/** Milliseconds after which what is run is taken for hung. */
const longest = 30_000;

export interface ShellOptions {
  env?: Record<string, string>;
  /** Called with all of standard error so far, to do something to the program (`pid` is that of the shell). */
  onStderr?: (text: string, pid: number) => void;
}

/**
 * Runs a script of bash in which `leakhunt` is the program as it was built, started anew; a pipe ends as the first
 * part of it does that fails. What does not end in time is killed, with all that it started.
 */
export function shell(script: string, folder: string, { env, onStderr }: ShellOptions = {}): Promise<Ended> {
  const preamble = `set -o pipefail; leakhunt() { "${process.execPath}" $NODE_FLAGS "${bin}" "$@"; }`;
  const child = spawn('/bin/bash', ['-c', `${preamble}\n${script}`], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, TMPDIR: process.env.TMPDIR ?? '/tmp', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', text => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    output.stderr += text;
    onStderr?.(output.stderr, child.pid!);
  });
  const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), longest);
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? 128 + constants.signals[signal!], ...output });
    });
  });
}
