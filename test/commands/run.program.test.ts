import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { worst } from '../../src/commands/run/run.js';
import { countingServer, short } from '../support/counting.js';
import { freePort } from '../support/servers.js';
import { runCli } from '../support/streams.js';

async function folderWith(config: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'leakhunt-run-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'leakhunt.config.json'), JSON.stringify(config));
  return folder;
}

const nowhere = 'http://127.0.0.1:1/';

describe('leakhunt run', () => {
  test('hunts what the file names one after another, and ends as the worst of them', async () => {
    const [leaky, fixed] = [await countingServer(1), await countingServer()];
    const cwd = await folderWith({
      ...short,
      hunts: {
        leaky: { url: leaky.url, probe: leaky.probe },
        fixed: { url: fixed.url, probe: fixed.probe, n: 20 },
      },
    });
    const ran = await runCli(['run'], { cwd });
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/^leaky +leak .*Leak: each upload leaves 1 open file/m);
    expect(ran.stdout).toMatch(/^fixed +flat .*Flat/m);
    expect(fixed.requests.length % 20).toBe(0);

    const one = await runCli(['run', 'fixed'], { cwd });
    expect(one).toMatchObject({ code: 0, stdout: expect.not.stringContaining('leaky') });
  });

  test('writes the reports of each hunt to files of its own, and the command that repeats it', async () => {
    const server = await countingServer();
    const cwd = await folderWith({
      ...short,
      url: server.url,
      probe: server.probe,
      rounds: 3,
      hunts: { small: {}, large: { size: '10kB' } },
    });
    await runCli(['run', '--json', join(cwd, 'report-{name}.json'), '-q'], { cwd });
    expect((await readdir(cwd)).sort()).toEqual([
      'leakhunt.config.json',
      'report-large.json',
      'report-small.json',
    ]);
    const record = JSON.parse(await readFile(join(cwd, 'report-large.json'), 'utf8'));
    expect(record.load.fixture.size).toBe(10_000);
    expect(record.leakhunt.command).toMatch(/^leakhunt run large --json \S+ --quiet$/);
  });

  test('goes on after a hunt that cannot be measured', async () => {
    const server = await countingServer();
    const gone = `http://127.0.0.1:${await freePort()}/`;
    const cwd = await folderWith({
      ...short,
      hunts: { gone: { url: gone }, there: { url: server.url, probe: server.probe, rounds: 3 } },
    });
    const ran = await runCli(['run'], { cwd });
    expect(ran.code).toBe(4);
    expect(ran.stderr).toContain('leakhunt: gone: Nothing is listening');
    expect(ran.stdout).toMatch(/^gone +not measured/m);
    expect(server.requests.length).toBeGreaterThan(0);
  });

  test('begins no other hunt once it is interrupted', async () => {
    const server = await countingServer();
    const cwd = await folderWith({
      ...short,
      url: server.url,
      probe: server.probe,
      hunts: { first: {}, second: {}, third: {} },
    });
    let interrupted = false;
    const ran = await runCli(['run'], {
      cwd,
      tty: true,
      onWrite: (text, interrupt) => {
        if (!/round \d/.test(text) || interrupted) return;
        interrupted = true;
        interrupt();
      },
    });
    expect(ran.code).toBe(130);
    expect(ran.stdout).toContain('Interrupted: 2 more were not started.');
    expect(ran.stdout).not.toMatch(/^second/m);
  });

  test('of a file that names no hunts is the one that it describes', async () => {
    const server = await countingServer();
    const cwd = await folderWith({ ...short, rounds: 3, url: server.url, probe: server.probe });
    const ran = await runCli(['run', '--json', '-'], { cwd });
    expect(JSON.parse(ran.stdout).target.url).toBe(server.url);
  });

  test.each([
    [{ hunts: { a: {} } }, ['b'], 'leakhunt.config.json has no hunt named "b": did you mean "a"?'],
    [{ hunts: { a: { n: 0 } } }, [], 'leakhunt.config.json: hunts.a: -n 0 is out of range'],
    [{ hunts: { a: {}, b: { n: 3, concurrency: 9 } } }, [], 'hunts.b: -c 9 is more than the 3 uploads'],
    [{ junit: 'x.xml', hunts: { a: {}, b: {} } }, [], '"x.xml" would be written by a and b: put {name}'],
    [{ json: '{name}.x', hunts: { a: {}, b: { csv: './a.x' } } }, [], '"./a.x" would be written by a and b'],
    [{ json: '-', hunts: { a: {}, b: {} } }, [], 'Standard output would be written by a and b'],
  ])('refuses %j before any hunt begins', async (config, names, words) => {
    const cwd = await folderWith({ url: nowhere, ...config });
    const ran = await runCli(['run', ...names], { cwd });
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(words);
  });

  test('without a configuration says how to get one', async () => {
    expect(await runCli(['run'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('leakhunt init'),
    });
  });
});

test.each([
  [[0, 3, 1, 4, 70], 70],
  [[0, 3, 1, 4], 4],
  [[3, 1, 0], 1],
  [[0, 3], 3],
  [[0, 0], 0],
  [[4, 2], 2],
  [[70, 130], 130],
])('the worst of %j is %i', (codes, code) => {
  expect(worst(codes)).toBe(code);
});
