import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { redactWords } from '../../secrets/command.js';

/** What a process runs. */
export interface Program {
  pid: number;
  /** Names it may be known by: its file's name, its own, and the first word of its command line. */
  names: string[];
  /** Its command line for people: shortened, without folders and secrets. */
  command: string;
}

const longestCommand = 80;
const run = promisify(execFile);

/** A process by its name and command line. */
export async function programOf(pid: number): Promise<Program> {
  const { file, name, args } = await (process.platform === 'linux' ? fromProc(pid) : fromPs(pid));
  const [first = name, ...rest] = args;
  const names = [file, name, basename(first.split(/[\s:]/)[0]!)].filter(Boolean);
  return { pid, names: [...new Set(names)], command: commandOf(basename(first), rest) || names[0] || '?' };
}

/** `node server.js (pid 34)` */
export function inWords({ command, pid }: Pick<Program, 'command' | 'pid'>): string {
  return `${command} (pid ${pid})`;
}

/** Secrets are hidden first: half of a secret would not be recognised. */
export function commandOf(program: string, args: readonly string[]): string {
  const whole = redactWords([program, ...args])
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
  return whole.length > longestCommand ? `${whole.slice(0, longestCommand - 1)}…` : whole;
}

async function fromProc(pid: number) {
  const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
  const file = await readlink(`/proc/${pid}/exe`).catch(() => '');
  const args = (await read('cmdline')).split('\0').filter(Boolean);
  return { file: basename(file.replace(/ \(deleted\)$/, '')), name: (await read('comm')).trim(), args };
}

/** For systems without /proc (ps(1), macOS). */
async function fromPs(pid: number) {
  const ask = (column: string) =>
    run('ps', ['-p', String(pid), '-o', `${column}=`], { timeout: 5_000 }).then(
      ({ stdout }) => stdout.trim(),
      () => '',
    );
  const name = basename(await ask('comm'));
  return { file: name, name, args: (await ask('args')).split(/\s+/).filter(Boolean) };
}
