import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { passed } from '../../src/commands/program/passing.js';
import { countingServer, shortFlags } from '../support/counting.js';
import { freePort } from '../support/servers.js';
import { runCli } from '../support/streams.js';
import { describeWith } from '../support/toolchain.js';

const execute = promisify(execFile);
const program = fileURLToPath(new URL('../../bin/leakhunt.js', import.meta.url));

/** An upload server that keeps what `leak` does of each upload, and tells how much that is. */
const server = (leak: string, comment: string) => `// ${comment}
import { createServer } from 'node:http';
const open = [];
createServer(async (request, response) => {
  if (request.method === 'GET') return response.end(JSON.stringify({ open: open.length }));
  for await (const _ of request);
  ${leak}
  response.end('ok');
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

describeWith('git', 'git bisect run with --bisect', () => {
  test('finds the commit from which on a server leaks', async () => {
    const repository = await mkdtemp(join(tmpdir(), 'leakhunt-bisect-'));
    onTestFinished(() => rm(repository, { recursive: true }));
    const settings = ['user.name=Ann', 'user.email=ann@example.com', 'commit.gpgsign=false'];
    const git = async (...args: string[]) => {
      const words = settings.flatMap(setting => ['-c', setting]);
      return (await execute('git', [...words, ...args], { cwd: repository })).stdout.trim();
    };
    await git('init', '-q');
    const commits: string[] = [];
    for (const [i, leak] of ['', '', 'open.push(1);', 'open.push(2);', 'open.push(3);'].entries()) {
      await writeFile(join(repository, 'server.mjs'), server(leak, `version ${i + 1}`));
      await git('add', 'server.mjs');
      await git('commit', '-q', '-m', `version ${i + 1}`);
      commits.push(await git('rev-parse', 'HEAD'));
    }
    const origin = `http://127.0.0.1:${await freePort()}`;
    await git('bisect', 'start', commits.at(-1)!, commits[0]!);
    const told = await git(
      ...['bisect', 'run', process.execPath, program, 'upload', origin, '--bisect', ...shortFlags],
      ...['--start', 'exec node server.mjs', '--env', `PORT=${new URL(origin).port}`],
      ...['--probe', `json=${origin}/stats#/open;name=open-files`],
    );
    expect(told).toContain(`${commits[2]} is the first bad commit`);
  });
});

describe('--bisect', () => {
  test.each([
    ['a leak', 1, 1],
    ['no leak', 0, 0],
  ] as const)('exits of %s with %i', async (_, leak, code) => {
    const { url, probe } = await countingServer(leak);
    const ran = await runCli(['upload', url, '--bisect', '--probe', probe, ...shortFlags]);
    expect(ran.code).toBe(code);
  });

  test('skips what has no verdict, cannot be measured or is not understood', async () => {
    const { url, probe } = await countingServer();
    const undecided = ['--probe', probe, '--rounds', '3', '--max-growth', 'open-files=0.0001'];
    expect((await runCli(['upload', url, '--bisect', ...undecided, ...shortFlags])).code).toBe(125);
    expect((await runCli(['upload', `http://127.0.0.1:${await freePort()}/`, '--bisect'])).code).toBe(125);
    expect((await runCli(['upload', '--bisect', '--no-such-flag'])).code).toBe(125);
  });

  test('leaves an interruption above 127, where git ends the bisection', () => {
    expect(passed(130, { bisect: true })).toBe(130);
    expect([2, 3, 4, 70].map(code => passed(code, { bisect: true }))).toEqual([125, 125, 125, 125]);
  });
});
