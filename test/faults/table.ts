import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordIn } from '../../src/record/read.js';
import type { Fault } from './row.js';

/**
 * A test for each fault: its exit code, its sentence, its record, and no stack trace. Many are made of what only Linux
 * has, as /dev/full and /proc.
 */
export function tryAll(faults: readonly Fault[]): void {
  const rows = faults.map(fault => [fault.name, fault] as const);
  test.runIf(process.platform === 'linux').each(rows)('%s', async (_, { run, says, exitCode, record }) => {
    const folder = await mkdtemp(join(tmpdir(), 'leakhunt-fault-'));
    try {
      const { code, stdout, stderr } = await run(folder);
      expect({ code, stderr }).toEqual({ code: exitCode, stderr });
      if (says) expect(stderr).toMatch(says);
      expect(`${stdout}${stderr}`).not.toMatch(/^\s+at .+:\d+\)?$|^Node\.js v\d/m);
      if (record !== undefined) expect((await recordsIn(folder)).length > 0).toBe(record);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

/** The names of the records that are kept in a folder; rejects where one of them cannot be read. */
async function recordsIn(folder: string): Promise<string[]> {
  const home = join(folder, '.leakhunt');
  const names = (await readdir(home).catch(() => [])).filter(name => name.endsWith('.json'));
  for (const name of names) recordIn(await readFile(join(home, name), 'utf8'), name);
  return names;
}
