import type { ChildProcess } from 'node:child_process';
import { secretsInherited } from '../../secrets/environment.js';
import { Redactor } from '../../secrets/redactor.js';

const keptOutput = 64 * 1024;
const shownLines = 10;

/** The last output of a process, bounded, without the secrets it was started with. */
export function collectOutput(child: ChildProcess, env: NodeJS.ProcessEnv): () => string {
  let output = '';
  const add = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-keptOutput);
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  return () => new Redactor(secretsInherited(env)).text(output);
}

export function hasEnded({ exitCode, signalCode, pid }: ChildProcess): boolean {
  return pid === undefined || exitCode !== null || signalCode !== null;
}

/** How a process ended, and its last lines. */
export function exitReportOf({ exitCode, signalCode }: ChildProcess, output: string): string {
  const how = signalCode ? `it was ended by ${signalCode}` : `it exited with status ${exitCode}`;
  const outOfMemory = signalCode === 'SIGKILL' ? ', as the kernel does when memory runs out' : '';
  const lines = output.trimEnd().split('\n').slice(-shownLines);
  const last = output.trim() === '' ? 'It printed nothing.' : `Its last lines:\n  ${lines.join('\n  ')}`;
  return `${how}${outOfMemory}. ${last}`;
}
