import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { firstConfig, moduleText } from '../../src/commands/init/config.js';
import { answer, freePort, serve } from '../support/servers.js';
import { runCli } from '../support/streams.js';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'leakhunt-init-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

/** An upload server with a page of metrics that a hunt can read. */
async function measurable(): Promise<string> {
  return serve((request, response) => {
    if (request.url === '/metrics') response.end('process_open_fds 7\n');
    else if (request.method === 'GET') response.writeHead(404).end();
    else void answer(request, response);
  });
}

const shortened = ['-n', '10', '--settle', '0.01', '--rounds', '3', '--no-save'];

describe('leakhunt init', () => {
  test('writes a module with what was found, from which the next hunt takes its flags', async () => {
    const cwd = await folder();
    const origin = await measurable();
    const wrote = await runCli(['init', `${origin}/upload`], { cwd });
    expect(wrote).toMatchObject({ code: 0, stderr: '' });
    expect(wrote.stdout).toContain('Wrote leakhunt.config.mjs.\nNext: run leakhunt upload');
    const text = await readFile(join(cwd, 'leakhunt.config.mjs'), 'utf8');
    expect(text).toMatch(
      /\/\/ {3}open files, by \w+: \d+, five readings within \d+; flat below 0\.05 per upload/,
    );
    const { default: config } = await import(pathToFileURL(join(cwd, 'leakhunt.config.mjs')).href);
    expect(config).toMatchObject({ url: `${origin}/upload`, n: 100, concurrency: 10 });
    expect(config.probe).toEqual([`prometheus=${origin}/metrics`, 'auto']);

    const ran = await runCli(['upload', '--json', '-', '--size', '1kB', ...shortened], { cwd });
    const record = JSON.parse(ran.stdout);
    expect(record.target.url).toBe(`${origin}/upload`);
    expect(record.target.probes[0]).toMatchObject({ source: 'prometheus' });
  });

  test('writes JSON, which is read as well', async () => {
    const cwd = await folder();
    const origin = await measurable();
    await runCli(['init', origin, '--json'], { cwd });
    expect(await readdir(cwd)).toEqual(['leakhunt.config.json']);
    const ran = await runCli(['upload', '--json', '-', '--size', '1kB', ...shortened], { cwd });
    expect(JSON.parse(ran.stdout).load.uploadsPerRound).toBe(10);
  });

  test('replaces a configuration by --force alone, and never makes two', async () => {
    const cwd = await folder();
    const url = `http://127.0.0.1:${await freePort()}/`;
    await writeFile(join(cwd, 'leakhunt.config.mjs'), 'mine');
    const refused = await runCli(['init', url], { cwd });
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('replace it with --force') });
    expect((await runCli(['init', url, '--json', '--force'], { cwd })).code).toBe(2);
    expect(await readFile(join(cwd, 'leakhunt.config.mjs'), 'utf8')).toBe('mine');
    expect((await runCli(['init', url, '--force'], { cwd })).code).toBe(0);
    expect(await readFile(join(cwd, 'leakhunt.config.mjs'), 'utf8')).toContain(url);
  });

  test('of a target that is not there writes what is known, and says so', async () => {
    const cwd = await folder();
    const { code, stdout } = await runCli(['init', `http://127.0.0.1:${await freePort()}/up`], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/The target could not be read: Nothing is listening.*start the target/s);
    expect(await readFile(join(cwd, 'leakhunt.config.mjs'), 'utf8')).toContain(
      '// The target could not be read when this was written: Nothing is listening',
    );
  });

  test('writes no secret of the URL', async () => {
    const cwd = await folder();
    const port = await freePort();
    const { stdout } = await runCli(['init', `http://ann:pw77@127.0.0.1:${port}/up?api-key=s3cr3t`], { cwd });
    const text = await readFile(join(cwd, 'leakhunt.config.mjs'), 'utf8');
    expect(stdout + text).not.toMatch(/pw77|s3cr3t/);
    expect(stdout).toContain('set UPLOAD_USER, UPLOAD_API_KEY');
    const env = { UPLOAD_USER: 'ann:pw77', UPLOAD_API_KEY: 's3cr3t' };
    expect(await runCli(['upload'], { cwd, env })).toMatchObject({
      code: 4,
      stderr: expect.stringContaining(`Nothing is listening on 127.0.0.1:${port}`),
    });
  });
});

describe('a first configuration', () => {
  const survey = (noise: number, endpoint = 'http://127.0.0.1:1/metrics') => ({
    target: { url: 'http://127.0.0.1:1/' },
    probes: [{ source: 'prometheus' as const, endpoint, retries: 0 }],
    missing: [],
    doubts: [],
    discoverySeconds: 0,
    readingSeconds: 0,
    resources: [{ name: 'heap' as const, source: 'prometheus', value: 1e7, noise, margin: 256 }],
  });

  test('has a margin of its own only where the readings are too noisy for the usual one', () => {
    expect(firstConfig('http://127.0.0.1:1/', survey(300_000)).maxGrowth).toEqual({});
    // 3 MB within five readings: 4 * (3e6 / 2.326) / (100 * sqrt(7980 / 12)) = 2000.6 B
    expect(firstConfig('http://127.0.0.1:1/', survey(3e6)).maxGrowth).toEqual({ heap: '2100B' });
  });

  test('is a module whatever the target calls itself', async () => {
    const path = join(await folder(), 'config.mjs');
    const hostile = "http://127.0.0.1:1/'+x\\`\n};throw 1//";
    await writeFile(
      path,
      moduleText({ ...firstConfig(hostile, survey(1, hostile)), readings: ['a\nthrow 1'] }),
    );
    const { default: config } = await import(pathToFileURL(path).href);
    expect(config).toMatchObject({ url: hostile, probe: [`prometheus=${hostile}`, 'auto'] });
  });
});
