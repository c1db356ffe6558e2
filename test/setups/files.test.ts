import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Hunt, type HuntOptions, hunt } from '../../src/index.js';
import { systemProperty } from '../../src/target/processes/jvm-properties.js';
import { tempFoldersOf } from '../../src/target/processes/temp-folders.js';
import { buildJavaTarget } from '../support/java.js';
import { startProcess } from '../support/process.js';
import { describeWith } from '../support/toolchain.js';
import { expectFlat, expectOnePerUpload, resource } from '../targets/hunting.js';

const program = fileURLToPath(new URL('files-app.mjs', import.meta.url));
const writer = fileURLToPath(new URL('stranger.mjs', import.meta.url));

/** A mount namespace of one's own is what a container has; it takes root. */
const canMount = spawnSync('sh', ['-c', 'unshare -m mount -t tmpfs none /tmp']).status === 0;

interface SetUp {
  leave: 'nothing' | 'temp' | 'working' | 'deleted';
  /** Files per second that somebody else leaves in the same folder. */
  strangers?: number;
  /** What the server is started by. */
  command?: string[];
}

/** A server whose temp folder others use as well; its working folder is beside that. */
async function server({ leave, strangers = 0, command = [] }: SetUp) {
  const home = await mkdtemp(join(tmpdir(), 'leakhunt-test-'));
  const [shared, working] = [join(home, 'tmp'), join(home, 'app')];
  await mkdir(shared);
  await mkdir(working);
  const [first, ...words] = [...command, process.execPath, '--inspect=127.0.0.1:0', program];
  const app = await startProcess(first!, words, {
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

  test.skipIf(!canMount)('are found in the /tmp of a container', async () => {
    const mounting = 'mount -t tmpfs none /tmp && TMPDIR=/tmp exec "$0" "$@"';
    const { url, pid } = await server({
      leave: 'temp',
      command: ['sh', '-c', `exec unshare -m sh -c '${mounting}' "$0" "$@"`],
    });
    const record = await huntAt(url);
    expectOnePerUpload(record, 'temp-files');
    expect(record.warnings.join('\n')).toContain(`in /proc/${pid}/root/tmp.`);
  });

  test('are counted on disk where they are deleted and still open', async () => {
    const { url } = await server({ leave: 'deleted' });
    const record = await huntAt(url, { thorough: true, maxRounds: 8 });
    expectOnePerUpload(record, 'open-files');
    // 20,000 bytes and what the form puts around them.
    expect(resource(record, 'disk').perUpload.low).toBeGreaterThan(20_000);
    expect(resource(record, 'disk').perUpload.high).toBeLessThan(21_000);
    expectFlat(record, 'temp-files');
  });
});

describeWith('java', 'a JVM', () => {
  test('keeps its temp files in /tmp or where -Djava.io.tmpdir says, whatever TMPDIR says', async () => {
    const jar = await buildJavaTarget();
    const home = await mkdtemp(join(tmpdir(), 'leakhunt-test-'));
    const [said, unheeded] = [join(home, 'said'), join(home, 'unheeded')];
    await mkdir(said);
    await mkdir(unheeded);
    const app = await startProcess('java', [`-Djava.io.tmpdir=${said}`, '-jar', jar, '--leak=tempfile'], {
      cwd: unheeded,
      env: { TMPDIR: unheeded },
      ready: /^listening on (?<origin>\S+)$/,
      timeout: 60_000,
    });
    onTestFinished(async () => {
      await app.stop();
      await rm(home, { recursive: true, force: true });
    });
    const record = await huntAt(`${app.match.groups!.origin}/upload`, { probes: ['pid'], maxRounds: 8 });
    expectOnePerUpload(record, 'temp-files');
    expect(record.warnings.join('\n')).toContain(`in ${said}.`);
  });

  test('is asked for its temp folder where nothing says it', async () => {
    const jar = await buildJavaTarget();
    const app = await startProcess('java', ['-jar', jar, '--leak=none'], {
      env: { TMPDIR: '/nowhere', JAVA_TOOL_OPTIONS: '' },
      ready: /^listening on \S+$/,
      timeout: 60_000,
    });
    onTestFinished(async () => void (await app.stop()));
    expect((await tempFoldersOf(app.pid, 'java')).temp?.name).toBe('/tmp');
    expect(await systemProperty(app.pid, 'java.io.tmpdir')).toBe('/tmp');
  });
});
