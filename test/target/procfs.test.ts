import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { argumentsOf, residentIn, statusOf } from '../../src/target/processes/procfs.js';

describe.skipIf(process.platform !== 'linux')('a process in /proc', () => {
  test('has its command line in parts', async () => {
    expect(await argumentsOf(process.pid)).toContain(process.argv0);
  });

  test('has in all of its addresses about what it has in memory, and in none nothing', async () => {
    const all = await residentIn(process.pid, { from: 0n, to: 2n ** 64n });
    const { VmRSS } = await statusOf(process.pid);
    expect(all / VmRSS!).toBeGreaterThan(0.8);
    expect(all / VmRSS!).toBeLessThan(1.2);
    expect(await residentIn(process.pid, { from: 1n, to: 2n })).toBe(0);
  });

  test('has in one mapping what the kernel says of that one', async () => {
    const maps = await readFile(`/proc/${process.pid}/maps`, 'utf8');
    const [, start, end] = /^([\da-f]+)-([\da-f]+) .*\[stack\]$/m.exec(maps)!;
    const stack = await residentIn(process.pid, { from: BigInt(`0x${start}`), to: BigInt(`0x${end}`) });
    expect(stack).toBeGreaterThan(0);
    expect(stack).toBeLessThanOrEqual(Number.parseInt(end!, 16) - Number.parseInt(start!, 16));
  });
});
