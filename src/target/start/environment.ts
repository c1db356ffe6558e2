import { randomUUID } from 'node:crypto';
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

/** The same with settings that help measuring: Node's inspector, and finer sampling of Go's heap profile. */
export function measurable(marked: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const env = { ...marked };
  if (!/--inspect/.test(env.NODE_OPTIONS ?? '')) {
    env.NODE_OPTIONS = `${env.NODE_OPTIONS ?? ''} --inspect=127.0.0.1:0`.trim();
  }
  if (!/memprofilerate=/.test(env.GODEBUG ?? '')) {
    env.GODEBUG = [env.GODEBUG, 'memprofilerate=65536'].filter(Boolean).join(',');
  }
  return env;
}

/** A JVM splits the variable at blanks that are not in quotes (JVM Tool Interface, "JAVA_TOOL_OPTIONS"). */
function quoted(path: string): string {
  return /\s/.test(path) ? `"${path}"` : path;
}
