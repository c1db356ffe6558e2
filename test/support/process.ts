import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ProcessOptions {
  /** A line of standard output that says the process is ready. */
  ready: RegExp;
  /** Set on top of this process's own environment. */
  env?: Record<string, string>;
  cwd?: string;
  /** How long the ready line may take, in milliseconds. */
  timeout?: number;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface RunningProcess {
  pid: number;
  /** What `ready` matched, with its groups. */
  match: RegExpExecArray;
  /** Standard output and standard error so far, in order of arrival. */
  output(): string;
  /** SIGTERM, and SIGKILL for what is still there after three seconds. Resolves at once if it has ended. */
  stop(): Promise<Exit>;
}

const GRACE_MS = 3_000;
const READY_MS = 20_000;
const LINES_IN_AN_ERROR = 20;

const runningGroups = new Set<number>();
process.once('exit', () => {
  for (const pid of runningGroups) signalGroup(pid, 'SIGKILL');
});

/** Starts a program in a process group of its own and resolves once it has printed its ready line. */
export async function startProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions,
): Promise<RunningProcess> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const output = collectOutput(child);
  const exit = waitForExit(child);
  const stop = () => stopGroup(child, exit);

  try {
    const match = await waitForReady(child, options.ready, options.timeout ?? READY_MS);
    return { pid: child.pid!, match, output, stop };
  } catch (error) {
    if (child.pid !== undefined) await stop();
    const lastLines = output().trimEnd().split('\n').slice(-LINES_IN_AN_ERROR).join('\n');
    throw new Error(`${command} ${(error as Error).message}. Its last output:\n${lastLines || '(none)'}`);
  }
}

function collectOutput(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', chunk => {
      text += chunk;
    });
  }
  return () => text;
}

/** Never settles for a program that could not be started: it has no end, only an `error`. */
function waitForExit(child: ChildProcess): Promise<Exit> {
  if (child.pid !== undefined) runningGroups.add(child.pid);
  return new Promise(resolve => {
    child.once('exit', (code, signal) => {
      // Its id is free from here on: end its children now, while no other group can have got it.
      signalGroup(child.pid!, 'SIGKILL');
      runningGroups.delete(child.pid!);
      resolve({ code, signal });
    });
  });
}

function waitForReady(child: ChildProcess, ready: RegExp, timeout: number): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`was not ready within ${timeout} ms`)), timeout);
    const settle = (action: () => void) => {
      clearTimeout(timer);
      action();
    };
    // Whole lines: half a line could match with half a port number.
    createInterface({ input: child.stdout! }).on('line', line => {
      const match = ready.exec(line);
      if (match) settle(() => resolve(match));
    });
    child.once('error', error => settle(() => reject(new Error(`could not be started: ${error.message}`))));
    // 'close' rather than 'exit': by then its last words have arrived.
    child.once('close', (code, signal) =>
      settle(() => reject(new Error(`exited before it was ready (${signal ?? `exit code ${code}`})`))),
    );
  });
}

async function stopGroup(child: ChildProcess, exit: Promise<Exit>): Promise<Exit> {
  if (child.exitCode === null && child.signalCode === null) signalGroup(child.pid!, 'SIGTERM');
  const killer = setTimeout(() => signalGroup(child.pid!, 'SIGKILL'), GRACE_MS);
  try {
    return await exit;
  } finally {
    clearTimeout(killer);
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // Nobody left: ESRCH, and EPERM on macOS.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
