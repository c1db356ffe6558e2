import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { agentsName } from '../processes/agents-folder.js';
import { ownerName } from '../processes/owner.js';

/**
 * The variable that marks everything that a hunt starts: a daemon that leaves the process tree, its group and
 * its session keeps its environment.
 */
export const markName = 'LEAKHUNT_HUNT';

/** A unique mark that tells which process has made it. */
export async function newMark(): Promise<string> {
  return `${await ownerName()}.${randomUUID()}`;
}

/**
 * The environment of everything that a hunt starts: its mark, after that of a surrounding hunt, a temp folder
 * of its own (a JVM ignores TMPDIR) and the user's variables, which take precedence.
 */
export function markedEnvironment(
  mark: string,
  folder: string,
  extra: Record<string, string> = {},
): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, TMPDIR: folder, ...extra };
  env[markName] = [process.env[markName], mark].filter(Boolean).join(',');
  if (!/-Djava\.io\.tmpdir=/.test(env.JAVA_TOOL_OPTIONS ?? '')) {
    env.JAVA_TOOL_OPTIONS = [env.JAVA_TOOL_OPTIONS, `-Djava.io.tmpdir=${quoted(env.TMPDIR!)}`]
      .filter(Boolean)
      .join(' ');
  }
  return env;
}

/** A finer sampling of the heap (bytes), and the stacks of those that started a goroutine and each other. */
const goSettings = { memprofilerate: 65_536, tracebackancestors: 10 };

/**
 * A count of native memory by what it is for, and buffers of one size, which JFR samples objects by. In the variable
 * that the `java` launcher alone reads (JDK 9 and newer), and not every program that has a JVM in it: before JDK 18 the
 * launcher must see the first of them. Like the other one it is told on standard error, in a line.
 */
const jvmOptions = {
  NativeMemoryTracking: '-XX:NativeMemoryTracking=summary',
  TLABSize: '-XX:TLABSize=64k',
  ResizeTLAB: '-XX:-ResizeTLAB',
};

function withJvmOptions(given = ''): string {
  const missing = Object.entries(jvmOptions).filter(([name]) => !given.includes(name));
  return [given, ...missing.map(([, option]) => option)].filter(Boolean).join(' ');
}

/**
 * The same with what helps measuring: Node's inspector, more of Go's profiles, and of a JVM's memory, and an agent in
 * each Python process, whose socket and code lie in the folder `agents`.
 */
export function measurable(marked: NodeJS.ProcessEnv, agents: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...marked, [agentsName]: agents };
  env.PYTHONPATH = [agentCode(agents), env.PYTHONPATH].filter(Boolean).join(':');
  if (!/--inspect/.test(env.NODE_OPTIONS ?? '')) {
    env.NODE_OPTIONS = `${env.NODE_OPTIONS ?? ''} --inspect=127.0.0.1:0`.trim();
  }
  env.JDK_JAVA_OPTIONS = withJvmOptions(env.JDK_JAVA_OPTIONS);
  for (const [name, value] of Object.entries(goSettings)) {
    if (env.GODEBUG?.split(',').some(each => each.startsWith(`${name}=`))) continue;
    env.GODEBUG = [env.GODEBUG, `${name}=${value}`].filter(Boolean).join(',');
  }
  return env;
}

/** Where Python finds the agent, in the folder of the sockets. */
export function agentCode(agents: string): string {
  return join(agents, 'python');
}

/** A JVM splits the variable at blanks that are not in quotes (JVM Tool Interface, "JAVA_TOOL_OPTIONS"). */
function quoted(path: string): string {
  return /\s/.test(path) ? `"${path}"` : path;
}
