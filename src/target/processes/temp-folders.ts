import { readFileSync, readlinkSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { systemProperty } from './jvm-properties.js';
import { parseEnvironment } from './procfs.js';
import type { Runtime } from './runtime.js';

/** A folder by two names: the path by which this process reaches it, and the target's own name for it. */
export interface Folder {
  path: string;
  name: string;
}

/** Where a process puts its files. */
export interface TempFolders {
  /** Undefined if it cannot be known from outside. */
  temp?: Folder;
  /** Its working folder; undefined if that is the root, which nobody writes to on purpose. */
  working?: Folder;
  /** The prefix of its files' names: `/proc/PID/root` in a container, empty on the same file system. */
  root: string;
  /** Whether leakhunt made the temp folder for this process only. */
  private: boolean;
}

/** What is known about a process's start. */
interface StartedProcess {
  words: readonly string[];
  /** Undefined if the process has overwritten it. */
  environment: Record<string, string> | undefined;
  runtime: Runtime | undefined;
}

/** Looked up once, when the process is first seen: neither changes while it runs. */
export async function tempFoldersOf(pid: number, runtime: Runtime | undefined): Promise<TempFolders> {
  const environment = parseEnvironment(textOf(`/proc/${pid}/environ`));
  const words = (textOf(`/proc/${pid}/cmdline`) ?? '').split('\0').filter(Boolean);
  const root = rootOf(pid);
  const cwd = linkOf(`/proc/${pid}/cwd`) ?? '/';
  const told = tempFolderOf({ words, environment, runtime });
  const name =
    runtime === 'java' && told === undefined
      ? ((await systemProperty(pid, 'java.io.tmpdir')) ?? defaultFolder)
      : told;
  const inside = (name: string): Folder => ({ path: `${root}${name}`, name });
  return {
    root,
    private: name !== undefined && isPrivate(environment, name),
    ...(name !== undefined && { temp: inside(isAbsolute(name) ? name : join(cwd, name)) }),
    ...(cwd !== '/' && { working: inside(cwd) }),
  };
}

const defaultFolder = '/tmp';

/**
 * The temp folder that a process was told to use, or its runtime's default. Undefined if its environment
 * cannot be read, and for a JVM whose command line does not set it: that uses `java.io.tmpdir`, and ignores
 * TMPDIR.
 */
export function tempFolderOf({ words, environment, runtime }: StartedProcess): string | undefined {
  if (runtime === 'java') {
    const options = [
      environment?.JAVA_TOOL_OPTIONS ?? '',
      ...words.map(quoteless),
      environment?._JAVA_OPTIONS ?? '',
    ];
    return options.flatMap(text => propertyIn(text) ?? []).at(-1);
  }
  if (!environment) return undefined;
  const names = variables[runtime ?? 'go'] ?? ['TMPDIR'];
  return names.map(name => environment[name]).find(Boolean) ?? defaultFolder;
}

/**
 * Variables by their precedence. Sources: Node's os.tmpdir, Python's tempfile.gettempdir, Ruby's Dir.tmpdir.
 */
const variables: Partial<Record<Runtime, string[]>> = {
  node: ['TMPDIR', 'TMP', 'TEMP'],
  python: ['TMPDIR', 'TEMP', 'TMP'],
  ruby: ['TMPDIR', 'TMP', 'TEMP'],
};

/** One word of a command line may contain blanks: in the options of a variable, the same value is quoted. */
function quoteless(word: string): string {
  return /^-Djava\.io\.tmpdir=/.test(word) ? word.replace(/=(.*)$/s, '="$1"') : '';
}

function propertyIn(options: string): string | undefined {
  const [, quoted, plain] = [...options.matchAll(/-Djava\.io\.tmpdir=(?:"([^"]*)"|(\S+))/g)].at(-1) ?? [];
  return quoted ?? plain;
}

/** `--start` marks what it starts, and gives it a folder of this name. */
function isPrivate(environment: Record<string, string> | undefined, folder: string): boolean {
  return environment?.LEAKHUNT_HUNT !== undefined && /\/leakhunt-target-[^/]+\/?$/.test(folder);
}

function rootOf(pid: number): string {
  const own = linkOf('/proc/self/ns/mnt');
  const its = linkOf(`/proc/${pid}/ns/mnt`);
  const isSame = its === undefined || (its === own && linkOf(`/proc/${pid}/root`) === '/');
  return isSame ? '' : `/proc/${pid}/root`;
}

/**
 * The users who own the files that one of these processes creates (proc_pid_status(5), `Uid`: the fourth is
 * for files).
 */
export function fileOwnersOf(pids: readonly number[]): Set<number> {
  const rows = pids.map(
    pid => /^Uid:\t\d+\t\d+\t\d+\t(\d+)$/m.exec(textOf(`/proc/${pid}/status`) ?? '')?.[1],
  );
  return new Set(rows.filter(row => row !== undefined).map(Number));
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
