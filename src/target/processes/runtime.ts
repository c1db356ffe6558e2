import { open, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

export type Runtime = 'go' | 'node' | 'java' | 'python' | 'ruby' | 'dotnet';

const programs: [RegExp, Runtime][] = [
  [/^(node|nodejs|bun)/, 'node'],
  [/^java$/, 'java'],
  [/^(python|pypy)/, 'python'],
  [/^ruby/, 'ruby'],
  [/^dotnet$/, 'dotnet'],
];

/** Libraries of runtimes that a program of any name may have loaded. */
const libraries: [RegExp, Runtime][] = [
  [/\/libjvm\.so\b/, 'java'],
  [/\/libcoreclr\.so\b/, 'dotnet'],
  [/\/libnode\.so\b/, 'node'],
  [/\/libruby[-\d.]*\.so\b/, 'ruby'],
];

/**
 * The runtime of a process: by its program's name, the mark of Go's linker, or the libraries it has loaded.
 */
export async function runtimeOf(pid: number): Promise<Runtime | undefined> {
  const program = await readlink(`/proc/${pid}/exe`).catch(() => undefined);
  if (program === undefined) return undefined;
  const known = programs.find(([name]) => name.test(basename(program)));
  if (known) return known[1];
  return (await isGo(`/proc/${pid}/exe`)) ? 'go' : loadedBy(pid);
}

async function loadedBy(pid: number): Promise<Runtime | undefined> {
  const maps = await readFile(`/proc/${pid}/maps`, 'utf8').catch(() => '');
  return libraries.find(([library]) => library.test(maps))?.[1];
}

/** The magic of the section .go.buildinfo. Source: Go's debug/buildinfo. */
const goMark = Buffer.from('\xff Go buildinf:', 'latin1');
const mostRead = 128 * 2 ** 20;

async function isGo(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return false;
  try {
    const block = Buffer.alloc(2 ** 20);
    for (let at = 0; at < mostRead; at += block.length - goMark.length) {
      const { bytesRead } = await file.read(block, 0, block.length, at);
      if (block.subarray(0, bytesRead).includes(goMark)) return true;
      if (bytesRead < block.length) return false;
    }
    return false;
  } finally {
    await file.close();
  }
}
