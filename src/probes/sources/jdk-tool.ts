import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const longestCall = 60_000;
const largestAnswer = 64 * 2 ** 20;

/** What `jcmd PID COMMAND ...` writes; rejects with a sentence without a full stop. */
export function jcmdRun(...args: string[]): Promise<string> {
  // Without performance data jcmd writes no file of its own to the temp folder, whose files may be counted.
  return jdkTool('jcmd', ['-J-XX:-UsePerfData', ...args], args.join(' '));
}

/** What `jfr print --json` writes of one kind of event in a recording. */
export function jfrPrint(event: string, file: string): Promise<string> {
  const args = ['print', '--json', '--stack-depth', '64', '--events', event, file];
  return jdkTool('jfr', args, `print --events ${event}`);
}

async function jdkTool(tool: string, args: string[], command: string): Promise<string> {
  // These are meant for the server: an agent or a debugger port in them would be opened by the tool as well.
  const env = { ...process.env, JAVA_TOOL_OPTIONS: undefined, JDK_JAVA_OPTIONS: undefined };
  const options = { timeout: longestCall, maxBuffer: largestAnswer, killSignal: 'SIGKILL', env } as const;
  try {
    return (await run(tool, args, options)).stdout;
  } catch (error) {
    throw new Error(failure(error as CommandFailure, tool, command));
  }
}

type CommandFailure = Error & { code?: string | number; killed?: boolean; stderr?: string; stdout?: string };

function failure(error: CommandFailure, tool: string, command: string): string {
  const { code } = error;
  if (code === 'ENOENT') {
    return `${tool} is not installed: install the JDK that the target runs on (Debian: openjdk-17-jdk-headless)`;
  }
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return `${tool} ${command} wrote more than 64 MiB`;
  if (error.killed) return `${tool} ${command} was not done within ${longestCall / 1000} s`;
  const said = /^(?:[\w.]+(?:Exception|Error): )?(.*\S)/m.exec(error.stderr ?? '')?.[1];
  return `${tool} ${command} failed (${said?.slice(0, 200) ?? `exit code ${code}`})`;
}
