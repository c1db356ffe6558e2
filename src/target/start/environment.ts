import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { agentsName } from '../processes/agents-folder.js';
import { ownerName } from '../processes/owner.js';

/**
 * The variable that marks whatever a hunt starts: a daemon that leaves the process tree, its group and its session
 * keeps its environment.
 */
export const markName = 'LEAKHUNT_HUNT';

/** A mark that no other hunt has, and that tells which process has made it. */
export async function newMark(): Promise<string> {
  return `${await ownerName()}.${randomUUID()}`;
}

/**
 * The environment of all that a hunt starts: its mark, behind that of a hunt around it, a temp folder of its own (a
 * JVM heeds no TMPDIR) and what was asked for, which goes first.
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

/**
 * The same with what helps measuring: Node's inspector, a finer sampling of Go's heap profile, and an agent in each
 * Python process, whose socket and code lie in the folder `agents`.
 */
export function measurable(marked: NodeJS.ProcessEnv, agents: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...marked, [agentsName]: agents };
  env.PYTHONPATH = [agentCode(agents), env.PYTHONPATH].filter(Boolean).join(':');
  if (!/--inspect/.test(env.NODE_OPTIONS ?? '')) {
    env.NODE_OPTIONS = `${env.NODE_OPTIONS ?? ''} --inspect=127.0.0.1:0`.trim();
  }
  if (!/memprofilerate=/.test(env.GODEBUG ?? '')) {
    env.GODEBUG = [env.GODEBUG, 'memprofilerate=65536'].filter(Boolean).join(',');
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
