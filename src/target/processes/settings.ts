import { access, constants } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import { argumentsOf, environmentOf } from './procfs.js';
import type { Runtime } from './runtime.js';

/** What of a target's state decides which advice is of use to it. */
export type Setting =
  /** Its inspector was asked for at its start. */
  | 'inspector-on'
  /** It does not open its inspector at SIGUSR1. */
  | 'no-inspector-signal'
  /** It runs on Bun, whose inspector is another. */
  | 'bun'
  /** A JVM that lets no tool attach. */
  | 'no-attach'
  /** The JDK's tools are installed here. */
  | 'jdk';

interface Settings {
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Whether the JDK's tools are installed on this machine. */
  jdk?: boolean;
}

/** Source: Node's "Command-line API"; arguments behind the script are the program's own. */
function nodeSettings({ args, env }: Settings): Setting[] {
  const [program = '', ...rest] = args;
  const script = rest.findIndex(each => !each.startsWith('-'));
  const own = script < 0 ? rest : rest.slice(0, script);
  const flags = [...own, ...(env.NODE_OPTIONS ?? '').split(/\s+/)];
  const has = (flag: RegExp) => flags.some(each => flag.test(each));
  return [
    ...(has(/^--inspect(?:-brk|-wait)?(?:=|$)/) ? (['inspector-on'] as const) : []),
    ...(has(/^--disable-sigusr1$/) ? (['no-inspector-signal'] as const) : []),
    ...(/^bun/.test(basename(program)) ? (['bun'] as const) : []),
  ];
}

/** Source: the JDK's `java` manual page; of a flag that is given twice the last one counts. */
function javaSettings({ args, env, jdk }: Settings): Setting[] {
  const flags = [env.JAVA_TOOL_OPTIONS, env.JDK_JAVA_OPTIONS, ...args, env._JAVA_OPTIONS].join(' ');
  const attach = [...flags.matchAll(/-XX:([+-])DisableAttachMechanism\b/g)].at(-1)?.[1];
  return [...(attach === '+' ? (['no-attach'] as const) : []), ...(jdk ? (['jdk'] as const) : [])];
}

const readers: Partial<Record<Runtime, (settings: Settings) => Setting[]>> = {
  node: nodeSettings,
  java: javaSettings,
};

export function settingsIn(runtime: Runtime, settings: Settings): Setting[] {
  return readers[runtime]?.(settings) ?? [];
}

/** What is set of a process, by its command line and its environment; of what cannot be read nothing is. */
export async function settingsOf(pid: number, runtime: Runtime | undefined): Promise<Setting[]> {
  if (runtime === undefined || !readers[runtime]) return [];
  const [args, env] = await Promise.all([
    argumentsOf(pid).catch(() => []),
    environmentOf(pid).catch(() => ({})),
  ]);
  return settingsIn(runtime, { args, env, jdk: await isInstalled('jcmd') });
}

async function isInstalled(program: string): Promise<boolean> {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const found = await Promise.all(
    folders.map(folder =>
      access(join(folder, program), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
