import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodePprof } from '../../src/profiles/pprof/decode.js';
import { encodePprof } from '../../src/profiles/pprof/encode.js';
import { capture, captures } from '../profiles/pprof/captures.js';
import { describeWithGo } from '../support/go.js';

describeWithGo('go tool pprof', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leakhunt-pprof-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function pprof(bytes: Uint8Array, ...args: string[]): Promise<string> {
    const file = join(folder, 'profile.pb.gz');
    await writeFile(file, bytes);
    const answer = await promisify(execFile)('go', ['tool', 'pprof', ...args, file], { maxBuffer: 64 << 20 });
    expect(answer.stderr).toBe('');
    return answer.stdout;
  }

  const at = (name: string, line: number) => ({ function: name, file: 'app.go', line });
  const growth = encodePprof({
    sampleTypes: [
      { type: 'inuse_objects', unit: 'count' },
      { type: 'inuse_space', unit: 'bytes' },
    ],
    rows: [
      { stack: [at('main.keep', 61), at('main.upload', 77)], values: [1, 106_496.4] },
      { stack: [at('main.free', 5)], values: [-2, -300] },
    ],
    periodType: { type: 'space', unit: 'bytes' },
    period: 524_288,
    timeNanos: 1_800_000_000e9,
    comments: ['growth per upload'],
    defaultSampleType: 'inuse_space',
  });

  test('shows a profile that was written here, with nothing to complain of', async () => {
    const raw = await pprof(growth, '-raw');
    expect(raw).toContain('growth per upload');
    expect(raw).toContain('Period: 524288');
    expect(raw).toContain('inuse_objects/count inuse_space/bytes[dflt]');
    expect(raw).toMatch(/ 1 +106496: 1 2/);
    expect(raw).toMatch(/ -2 +-300: 3/);
    expect(raw).toContain('main.keep app.go:61');
    expect(await pprof(growth, '-top')).toMatch(/ 104kB .* main\.keep\n/);
  });

  test.each(captures)('counts in %s what is counted here', async name => {
    const profile = decodePprof(capture(name));
    const raw = await pprof(capture(name), '-raw');
    const [samples = ''] = raw.split('Samples:\n')[1]!.split('\nLocations');
    const values = [...samples.matchAll(/^ +(-?\d[-\d ]*):/gm)].map(([, each]) =>
      each!.trim().split(/ +/).map(Number),
    );
    expect(values.length).toBe(profile.sampleCount);
    expect(values.flat()).toEqual([...profile.values]);
  });
});
