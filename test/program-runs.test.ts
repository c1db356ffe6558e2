import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Hunt } from '../src/record/record.js';
import { startDemo } from '../src/target/demo/demo.js';
import { version } from '../src/version.js';
import { countingServer, shortFlags } from './support/counting.js';
import { freePort } from './support/servers.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs Node on what was built, and resolves to what it wrote and how it ended. */
function node(args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise(resolve => {
    execFile(process.execPath, args, { cwd: root }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

const leakhunt = (...args: string[]) => node(['bin/leakhunt.js', ...args]);

/** A hunt that counts decide, and its record. */
async function hunted(leak: 0 | 1, ...flags: string[]): Promise<{ code: number; record: Hunt }> {
  const server = await countingServer(leak);
  const folder = await mkdtemp(join(tmpdir(), 'leakhunt-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const json = join(folder, 'hunt.json');
  const args = [
    server.url,
    '--probe',
    server.probe,
    ...shortFlags,
    '--drain',
    '0.1',
    '--json',
    json,
    ...flags,
  ];
  const { code } = await leakhunt('upload', ...args);
  return { code, record: JSON.parse(await readFile(json, 'utf8')) };
}

describe('the program as it was built', () => {
  test('tells its version', async () => {
    expect(await leakhunt('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('lists its verbs, and helps with each', async () => {
    const { stdout } = await leakhunt('--help');
    expect(stdout).toMatch(/^ {2}upload .*^ {2}compare .*^ {2}completion /ms);
    const [asFlag, asVerb] = await Promise.all([leakhunt('upload', '--help'), leakhunt('help', 'upload')]);
    expect(asFlag).toMatchObject({ code: 0, stderr: '' });
    expect(asFlag.stdout).toContain('--max-growth');
    expect(asVerb).toEqual(asFlag);
  });

  test('ends with 1 where a server leaks', async () => {
    const { code, record } = await hunted(1);
    expect(code).toBe(1);
    expect(record).toMatchObject({ verdict: 'leak', resources: [{ name: 'open-files' }] });
  });

  test('ends with 0 where a server keeps nothing, also where threads upload', async () => {
    const { code, record } = await hunted(0, '--workers', '2');
    expect(code).toBe(0);
    expect(record).toMatchObject({ verdict: 'flat', load: { failed: 0 } });
  });

  test('ends with 2 where it is used wrongly, and with 4 where nothing listens', async () => {
    expect(await leakhunt('upload', '--rounds', 'many')).toMatchObject({ code: 2, stdout: '' });
    const url = `http://127.0.0.1:${await freePort()}/`;
    expect(await leakhunt('upload', url, '--no-save')).toMatchObject({ code: 4, stdout: '' });
  });

  test('has a demo server that it can look into', async () => {
    const demo = await startDemo('none');
    onTestFinished(() => demo.stop());
    const { code, stdout } = await leakhunt('probe', demo.url, '--probe', `inspector=${demo.inspector}`);
    expect(code).toBe(0);
    expect(stdout).toContain('array buffers');
  });

  test('names the sources in a stack trace with --debug, and only there', async () => {
    const args = ['upload', 'http://127.0.0.1:1/', '--rounds', '-1', '--no-save'];
    expect((await leakhunt(...args)).stderr).not.toMatch(/^\s+at /m);
    expect((await leakhunt(...args, '--debug')).stderr).toMatch(/^\s+at .*src\/\w[\w/-]*\.ts:\d+:\d+/m);
  });

  test('is a package whose exports can be imported by name', async () => {
    const code = `
      const [main, testing] = await Promise.all([import('leakhunt'), import('leakhunt/test')]);
      console.log(typeof main.hunt, typeof main.judge, typeof main.decodePprof, typeof testing.expectFlat);`;
    const { stdout } = await node(['--input-type=module', '--eval', code]);
    expect(stdout).toBe('function function function function\n');
  });
});
