import { describe, expect, test } from 'vitest';
import { collectorIn, collectorOf } from '../../src/target/processes/collector.js';
import type { Runtime } from '../../src/target/processes/runtime.js';

const MiB = 2 ** 20;
const memory = 16_384 * MiB;

function limitOf(runtime: Runtime, args: string[], env: Record<string, string> = {}) {
  return collectorIn(runtime, { args, env, memory });
}

describe('how much garbage a process may keep', () => {
  test.each<[string, Record<string, string>, object]>([
    ['by default', {}, { limit: Infinity, percent: 100 }],
    ['with GOGC', { GOGC: '50' }, { limit: Infinity, percent: 50 }],
    ['with GOGC=off', { GOGC: 'off' }, { limit: Infinity }],
    ['with a memory limit', { GOGC: 'off', GOMEMLIMIT: '600MiB' }, { limit: 600 * MiB }],
    ['with a limit in bytes', { GOMEMLIMIT: '1048576B' }, { limit: MiB, percent: 100 }],
  ])('is known of Go %s', (_, env, expected) => {
    expect(limitOf('go', ['/srv/app'], env)).toEqual({ runtime: 'go', ...expected });
  });

  test.each<[string[], Record<string, string>, number]>([
    [['node', 'a.js'], {}, 4096 * MiB],
    [['node', '--max-old-space-size=256', 'a.js'], {}, 256 * MiB],
    [['node', 'a.js'], { NODE_OPTIONS: '--max_old_space_size 512' }, 512 * MiB],
  ])('is known of Node: %j %j', (args, env, old) => {
    expect(limitOf('node', args, env)?.limit).toBe(old + 112 * MiB);
  });

  test.each<[string[], Record<string, string>, number]>([
    [['java', '-jar', 'a.jar'], {}, memory / 4],
    [['java', '-Xmx512m', '-jar', 'a.jar'], {}, 512 * MiB],
    [['java', '-Xmx1g', '-Xmx2g', '-jar', 'a.jar'], {}, 2048 * MiB],
    [['java', '-jar', 'a.jar'], { JAVA_TOOL_OPTIONS: '-XX:MaxRAMPercentage=75.0' }, memory * 0.75],
    [['java', '@args', 'Main'], {}, memory],
  ])('is known of Java: %j %j', (args, env, limit) => {
    expect(limitOf('java', args, env)?.limit).toBe(limit);
  });

  test('is known of .NET', () => {
    expect(limitOf('dotnet', ['dotnet', 'a.dll'])?.limit).toBe(memory);
    expect(limitOf('dotnet', ['dotnet', 'a.dll'], { DOTNET_GCHeapHardLimit: 'C800000' })?.limit).toBe(
      200 * MiB,
    );
  });

  test('is nothing where references are counted', () =>
    expect(limitOf('python', ['python3'])).toBeUndefined());

  test.runIf(process.platform === 'linux')('is read of a process that runs', async () => {
    expect(await collectorOf(process.pid, 'node')).toMatchObject({ runtime: 'node' });
  });
});
