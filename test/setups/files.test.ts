import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Hunt, type HuntOptions, hunt } from '../../src/index.js';
import { startProcess } from '../support/process.js';
import { expectFlat, expectOnePerUpload, resource } from '../targets/hunting.js';

const program = fileURLToPath(new URL('files-app.mjs', import.meta.url));
const writer = fileURLToPath(new URL('stranger.mjs', import.meta.url));

interface SetUp {
  leave: 'nothing' | 'temp' | 'working' | 'deleted';
  /** Files per second that somebody else leaves in the same folder. */
  strangers?: number;
}

/** A server whose temp folder others use as well; its working folder is beside that. */
async function server({ leave, strangers = 0 }: SetUp) {
  const home = await mkdtemp(join(tmpdir(), 'leakhunt-test-'));
  const [shared, working] = [join(home, 'tmp'), join(home, 'app')];
  await mkdir(shared);
  await mkdir(working);
  const app = await startProcess(process.execPath, ['--inspect=127.0.0.1:0', program], {
    cwd: working,
    env: { TMPDIR: shared, LEAVE: leave },
    ready: /^listening on (?<origin>\S+)$/,
  });
  const stranger =
    strangers > 0 &&
    (await startProcess(process.execPath, [writer, shared, String(strangers)], { ready: /^writing$/ }));
  onTestFinished(async () => {
    await app.stop();
    if (stranger) await stranger.stop();
    await rm(home, { recursive: true, force: true });
  });
  return { url: `${app.match.groups!.origin}/upload`, pid: app.pid, shared, working };
}

function huntAt(url: string, options: Partial<HuntOptions> = {}): Promise<Hunt> {
  return hunt({ url, fixture: { kind: 'random', size: 20_000, seed: 1 }, maxRounds: 24, ...options });
}

describe.skipIf(process.platform !== 'linux')('a temp folder that others use as well', () => {
  test.each([1, 20])(
    'a server that leaves nothing there is flat, whatever %i files per second others leave',
    async rate => {
      const { url } = await server({ leave: 'nothing', strangers: rate });
      const record = await huntAt(url, { thorough: true, probes: ['pid'], maxRounds: 8 });
      expectFlat(record, 'temp-files', 'disk', 'open-files');
    },
  );

  test('a server that leaves a file per upload there leaks exactly that', async () => {
    const { url, shared } = await server({ leave: 'temp', strangers: 20 });
    const record = await huntAt(url);
    expectOnePerUpload(record, 'temp-files');
    expect(resource(record, 'temp-files').perUpload.estimate).toBe(1);
    expect(record.warnings.join('\n')).toContain(`files, `);
    expect(record.warnings.join('\n')).toContain(`in ${shared}.`);
    expect((await readdir(shared)).some(name => name.startsWith('stranger-'))).toBe(true);
  });
});

describe.skipIf(process.platform !== 'linux')('files that are not in the temp folder', () => {
  test('are found in a folder below the working folder', async () => {
    const { url, working } = await server({ leave: 'working' });
    const record = await huntAt(url);
    expectOnePerUpload(record, 'temp-files');
    expect(record.warnings.join('\n')).toContain(`in ${working}/file-uploads.`);
  });

  test('are counted on disk where they are deleted and still open', async () => {
    const { url } = await server({ leave: 'deleted' });
    const record = await huntAt(url, { thorough: true, maxRounds: 8 });
    expectOnePerUpload(record, 'open-files');
    expect(resource(record, 'disk').verdict, JSON.stringify(resource(record, 'disk'))).toBe('leak');
    expect(resource(record, 'disk').perUpload.estimate).toBeGreaterThan(20_000);
    expectFlat(record, 'temp-files');
  });
});
