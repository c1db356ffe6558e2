import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const longestCall = 60_000;
const largestAnswer = 64 * 2 ** 20;

/** What `jcmd PID COMMAND ...` writes; rejects with a sentence without a full stop. */
export function jcmdRun(...args: string[]): Promise<string> {
  // Without performance data jcmd writes no file of its own to the temp folder, whose files may be counted.
  const env = toolEnvironment();
  const options = { timeout: longestCall, maxBuffer: largestAnswer, killSignal: 'SIGKILL', env } as const;
  return run('jcmd', ['-J-XX:-UsePerfData', ...args], options).then(
    ({ stdout }) => stdout,
    error => {
      throw new Error(failure(error as CommandFailure, args.join(' ')));
    },
  );
}

/** What is meant for the server is not for the JDK's tools: an agent or a debugger port would be opened by them as well. */
export function toolEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, JAVA_TOOL_OPTIONS: undefined, JDK_JAVA_OPTIONS: undefined };
}

type CommandFailure = Error & { code?: string | number; killed?: boolean; stderr?: string; stdout?: string };

function failure(error: CommandFailure, command: string): string {
  const { code } = error;
  if (code === 'ENOENT') {
    return `jcmd is not installed: install the JDK that the target runs on (Debian: openjdk-17-jdk-headless)`;
  }
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return `jcmd ${command} wrote more than 64 MiB`;
  if (error.killed) return `jcmd ${command} was not done within ${longestCall / 1000} s`;
  const said = /^(?:[\w.]+(?:Exception|Error): )?(.*\S)/m.exec(error.stderr ?? '')?.[1];
  return `jcmd ${command} failed (${said?.slice(0, 200) ?? `exit code ${code}`})`;
}
