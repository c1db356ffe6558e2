import { readFile } from 'node:fs/promises';
import { codeOf, messageOf } from '../../errors.js';
import { argumentsOf, environmentOf } from '../../target/processes/procfs.js';
import { SourceUnavailable } from '../probe.js';
import { jcmdRun } from './jdk-tool.js';

/**
 * Rejects with the reason why a process cannot be attached to. Attaching to a JVM begins with SIGQUIT, which ends any
 * other program, and a JVM that was told not to handle it: so the process is looked at first.
 */
export async function mustBeAttachable(pid: number): Promise<void> {
  if (process.platform !== 'linux') {
    const isJvm = new RegExp(`^${pid} `, 'm').test(await jcmdRun('-l').catch(notThere));
    if (!isJvm) throw new SourceUnavailable(`process ${pid} is not a JVM`);
    return;
  }
  if (!/\/libjvm\.so\b/.test(await mapsOf(pid))) throw new SourceUnavailable(`process ${pid} is not a JVM`);
  const refusal = refusalIn(await optionsOf(pid));
  if (refusal !== undefined) {
    throw new SourceUnavailable(
      `the JVM of process ${pid} was started with ${refusal}, so that jcmd cannot attach`,
    );
  }
  if (!(await handlesQuit(pid))) {
    throw new SourceUnavailable(
      `the JVM of process ${pid} does not handle SIGQUIT, by which jcmd attaches: it is just starting, or runs with -Xrs`,
    );
  }
}

/** Of several options of one name the last one counts. */
export function refusalIn(options: readonly string[]): string | undefined {
  const attach = options.findLast(each => /^-XX:[+-]DisableAttachMechanism$/.test(each));
  if (attach?.startsWith('-XX:+')) return attach;
  return options.find(each => each === '-Xrs' || each === '-XX:+ReduceSignalUsage');
}

/** What a JVM was started with, in the order in which it takes it in. */
export async function optionsOf(pid: number): Promise<string[]> {
  const [command, environment] = await Promise.all([
    argumentsOf(pid).catch(() => []),
    environmentOf(pid).catch(() => undefined),
  ]);
  const given = (name: string) => environment?.[name]?.split(/\s+/) ?? [];
  return [...given('JAVA_TOOL_OPTIONS'), ...given('JDK_JAVA_OPTIONS'), ...command, ...given('_JAVA_OPTIONS')];
}

/** SigCgt is a mask in hexadecimal, whose third bit is SIGQUIT (proc_pid_status(5)). */
async function handlesQuit(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return caught === undefined || (BigInt(`0x${caught}`) & 4n) !== 0n;
}

async function mapsOf(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/maps`, 'utf8').catch(error => {
    throw new SourceUnavailable(
      codeOf(error) === 'ENOENT'
        ? `there is no process ${pid}`
        : `process ${pid} belongs to another user: jcmd must run as that user or as root`,
    );
  });
}

function notThere(error: unknown): never {
  throw new SourceUnavailable(messageOf(error));
}
