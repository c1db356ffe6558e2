import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Where there is no /proc (macOS), lsof knows who listens where: it comes with the system. */

const run = promisify(execFile);

/** The processes that listen on a TCP port of this machine. */
export async function pidsListeningOn(port: number): Promise<number[]> {
  return numbersIn(await lsof(`-iTCP:${port}`, '-Fp'), /^p(\d+)$/gm);
}

/** The TCP ports that a process listens on. */
export async function portsOf(pid: number): Promise<number[]> {
  return numbersIn(await lsof('-a', '-p', String(pid), '-iTCP', '-Fn'), /^n.*:(\d+)$/gm);
}

/** Its answer in fields, a line each (lsof(8), "Output for other programs"); empty where it finds nothing. */
async function lsof(...selection: string[]): Promise<string> {
  const options = { timeout: 5_000, maxBuffer: 2 ** 20 };
  return run('lsof', ['-nP', '-sTCP:LISTEN', ...selection], options).then(
    ({ stdout }) => stdout,
    () => '',
  );
}

function numbersIn(text: string, pattern: RegExp): number[] {
  return [...new Set([...text.matchAll(pattern)].map(([, number]) => Number(number)))];
}
