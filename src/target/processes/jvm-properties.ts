import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Milliseconds: a JVM that does not let itself be attached to must not keep a hunt waiting. */
const longest = 5_000;

/**
 * A system property of a JVM by the JDK's jcmd, asked once; undefined if there is no jcmd, or it gets no
 * answer. Only for a process that is surely a JVM: attaching begins with SIGQUIT, which ends any other.
 */
export async function systemProperty(pid: number, name: string): Promise<string | undefined> {
  const env = { ...process.env, JAVA_TOOL_OPTIONS: undefined };
  const options = { timeout: longest, killSignal: 'SIGKILL', env } as const;
  const answer = await promisify(execFile)(
    'jcmd',
    ['-J-XX:-UsePerfData', String(pid), 'VM.system_properties'],
    options,
  ).catch(() => undefined);
  return answer && propertyOf(answer.stdout, name);
}

/** Written as java.util.Properties.store does: a backslash before `:`, `=` and itself. */
export function propertyOf(properties: string, name: string): string | undefined {
  const row = properties.split(/\r?\n/).find(line => line.startsWith(`${name}=`));
  return row?.slice(name.length + 1).replace(/\\(.)/g, '$1');
}
