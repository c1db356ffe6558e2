import { fileURLToPath } from 'node:url';
import { Chalk } from 'chalk';
import { expect, onTestFinished, test } from 'vitest';
import { survey } from '../../src/hunt/survey.js';
import { type Hunt, type HuntOptions, hunt } from '../../src/index.js';
import { terminal } from '../../src/reports/terminal/terminal.js';
import { type ForwarderName, startForwarder } from '../support/forwarders.js';
import { freePort } from '../support/servers.js';
import { startTarget, type Target } from '../support/target.js';
import { describeWith } from '../support/toolchain.js';

const program = fileURLToPath(new URL('app.mjs', import.meta.url));

async function app(behaviour: 'leak' | 'flat'): Promise<Target & { port: number }> {
  const target = await startTarget(process.execPath, ['--inspect=127.0.0.1:0', program, behaviour]);
  onTestFinished(async () => void (await target.stop()));
  return { ...target, port: Number(new URL(target.url).port) };
}

function huntAt(port: number, options: Partial<HuntOptions> = {}): Promise<Hunt> {
  return hunt({
    url: `http://127.0.0.1:${port}/upload`,
    fixture: { kind: 'random', size: 20_000, seed: 1 },
    minUploads: 800,
    maxRounds: 16,
    ...options,
  });
}

function targetRow(record: Hunt): string {
  const report = terminal(record, {
    width: 400,
    unicode: true,
    colour: new Chalk({ level: 0 }),
    verbose: false,
  });
  return /^Target .*(\n {2,}.*)*/m.exec(report)![0].replace(/\s+/g, ' ');
}

const chains: Record<ForwarderName, string[]> = {
  nginx: ['nginx'],
  haproxy: ['haproxy'],
  caddy: ['caddy'],
  socat: ['socat'],
  ssh: ['ssh', 'sshd'],
};

for (const [name, chain] of Object.entries(chains) as [ForwarderName, string[]][]) {
  describeWith(name, `an app behind ${name}`, () => {
    test('is measured in its place, and its leak found', async () => {
      const { pid, port } = await app('leak');
      const front = await startForwarder(name, port);
      const record = await huntAt(front.port);
      expect(record.target).toMatchObject({ pid, through: chain.map(name => ({ name })) });
      expect(record.target.through![0]!.pid).toBe(front.pid);
      expect([record.verdict, record.exitCode]).toEqual(['leak', 1]);
      expect(targetRow(record)).toContain(`through ${name} (pid ${front.pid}) `);
      expect(targetRow(record)).toMatch(new RegExp(`to node .*app\\.mjs leak \\(pid ${pid}\\)$`));
    });
  });
}

describeWith('nginx', 'nginx', () => {
  test('before an app that keeps nothing lets the app be called flat', async () => {
    const { pid, port } = await app('flat');
    const record = await huntAt((await startForwarder('nginx', port)).port, { maxRounds: 64 });
    expect([record.target.pid, record.verdict, record.exitCode]).toEqual([pid, 'flat', 0]);
  });

  test('that shares the uploads out is not measured, and names the servers', async () => {
    const [one, other] = [await app('leak'), await app('leak')];
    const front = await startForwarder('nginx', one.port, other.port);
    await expect(huntAt(front.port)).rejects.toMatchObject({
      code: 'ONLY_FORWARDS',
      exitCode: 4,
      message: expect.stringMatching(
        new RegExp(`nginx \\(pid ${front.pid}\\).*it spreads them over.*pid ${one.pid}|pid ${other.pid}`),
      ),
    });
  });

  test('before a server that is down is not measured, and says that the uploads fail', async () => {
    const front = await startForwarder('nginx', await freePort());
    await expect(huntAt(front.port)).rejects.toMatchObject({
      code: 'ONLY_FORWARDS',
      exitCode: 4,
      message: expect.stringMatching(
        new RegExp(`nginx \\(pid ${front.pid}\\), which only forwards.*502 \\d+ times.*make the upload work`),
      ),
    });
  });

  test('is seen through by a survey, which uploads nothing', async () => {
    const { pid, port } = await app('leak');
    const front = await startForwarder('nginx', port);
    const { target } = await survey({ url: `http://127.0.0.1:${front.port}/upload` });
    expect(target).toMatchObject({ pid, through: [{ name: 'nginx', pid: front.pid }] });
  });

  test('is measured itself where it is named by --probe', async () => {
    const front = await startForwarder('nginx', (await app('leak')).port);
    const record = await huntAt(front.port, { probes: [`pid=${front.pid}`], maxRounds: 8 });
    expect(record.target).toMatchObject({ pid: front.pid });
    expect(record.target.through).toBeUndefined();
  });
});

describeWith('socat', 'a chain of forwarders', () => {
  test('is followed to its end', async () => {
    const { pid, port } = await app('leak');
    const inner = await startForwarder('socat', port);
    const outer = await startForwarder('socat', inner.port);
    const record = await huntAt(outer.port);
    const through = [outer, inner].map(({ pid }) => ({ name: 'socat', pid }));
    expect(record.target).toMatchObject({ pid, through });
    expect([record.verdict, record.exitCode]).toEqual(['leak', 1]);
  });
});
