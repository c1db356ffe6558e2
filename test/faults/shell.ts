import { spawn } from 'node:child_process';
import { constants, tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Ended } from './row.js';

const bin = fileURLToPath(new URL('../../bin/leakhunt.js', import.meta.url));
/** Milliseconds after which what is run is taken for hung. */
const longest = 30_000;

export interface ShellOptions {
  env?: Record<string, string>;
}

/**
 * Runs a script of bash in which `leakhunt` is the program as it was built; `$LEAKHUNT` is the same where a signal is
 * to reach it. A pipe ends as the last part of it does that fails. What does not end in time is killed, with all that
 * it started.
 */
export function shell(script: string, folder: string, { env }: ShellOptions = {}): Promise<Ended> {
  const preamble = 'set -o pipefail; leakhunt() { $LEAKHUNT "$@"; }';
  const program = [process.execPath, env?.NODE_FLAGS, bin].filter(Boolean).join(' ');
  const child = spawn('/bin/bash', ['-c', `${preamble}\n${script}`], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, TMPDIR: tmpdir(), LEAKHUNT: program, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', text => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    output.stderr += text;
  });
  const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), longest);
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? 128 + constants.signals[signal!], ...output });
    });
  });
}
