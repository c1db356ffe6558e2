import { open, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

export type Runtime = 'go' | 'node' | 'java' | 'python' | 'ruby';

const programs: [RegExp, Runtime][] = [
  [/^(node|nodejs|bun)/, 'node'],
  [/^java$/, 'java'],
  [/^(python|pypy)/, 'python'],
  [/^ruby/, 'ruby'],
];

/** What a process runs on, from the name of its program, or from the mark that Go's linker leaves in it. */
export async function runtimeOf(pid: number): Promise<Runtime | undefined> {
  const program = await readlink(`/proc/${pid}/exe`).catch(() => undefined);
  if (program === undefined) return undefined;
  const known = programs.find(([name]) => name.test(basename(program)));
  return known?.[1] ?? ((await isGo(`/proc/${pid}/exe`)) ? 'go' : undefined);
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
