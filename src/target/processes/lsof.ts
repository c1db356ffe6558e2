import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Without /proc (macOS), lsof knows who listens where: it comes with the system. */

const run = promisify(execFile);

/** The processes that listen on a TCP port of this machine. */
export async function pidsListeningOn(port: number): Promise<number[]> {
  return processesIn(await lsof(`-iTCP:${port}`, '-Fp'));
}

/** The TCP ports that a process listens on. */
export async function portsOf(pid: number): Promise<number[]> {
  return portsIn(await lsof('-a', '-p', String(pid), '-iTCP', '-Fn'));
}

/** Its output in fields, one per line (lsof(8), "Output for other programs"); empty if it finds nothing. */
async function lsof(...selection: string[]): Promise<string> {
  const options = { timeout: 5_000, maxBuffer: 2 ** 20 };
  return run('lsof', ['-nP', '-sTCP:LISTEN', ...selection], options).then(
    ({ stdout }) => stdout,
    () => '',
  );
}

/** `p4711` */
export function processesIn(text: string): number[] {
  return numbersIn(text, line => /^p(\d+)$/.exec(line));
}

/** `n127.0.0.1:8000` */
export function portsIn(text: string): number[] {
  return numbersIn(text, line => /^n.*:(\d+)$/.exec(line));
}

function numbersIn(text: string, find: (line: string) => RegExpExecArray | null): number[] {
  return [...new Set(text.split('\n').flatMap(line => find(line)?.[1] ?? []))].map(Number);
}
