import { fileURLToPath } from 'node:url';
import { Chalk } from 'chalk';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { survey } from '../../src/hunt/survey.js';
import { hunt } from '../../src/index.js';
import { surveyReport } from '../../src/reports/terminal/survey.js';
import { startVirtualHosts } from '../support/forwarders.js';
import { buildGoTarget, describeWithGo, startGoTarget } from '../support/go.js';
import { startTarget, type Target } from '../support/target.js';
import { describeWith } from '../support/toolchain.js';

const program = fileURLToPath(new URL('app.mjs', import.meta.url));

describeWith('nginx', 'nginx', () => {
  describeWithGo('before an app that leaks and another one with pprof, each with a name of its own', () => {
    let binary: string;
    beforeAll(async () => {
      binary = await buildGoTarget('go-plain');
    });

    async function setUp() {
      const other = await running(startGoTarget(binary));
      const app = await running(startTarget(process.execPath, ['--inspect=127.0.0.1:0', program, 'leak']));
      const front = await startVirtualHosts({ 'other.test': portOf(other), 'app.test': portOf(app) });
      return { url: `http://127.0.0.1:${front.port}/upload`, app, other };
    }

    test("does not have the other app's heap called that of the app", async () => {
      const { url, app, other } = await setUp();
      const record = await hunt({
        url,
        headers: [['host', 'app.test']],
        fixture: { kind: 'random', size: 20_000, seed: 1 },
        minUploads: 800,
        maxRounds: 16,
      });
      expect(record.target).toMatchObject({ pid: app.pid, through: [{ name: 'nginx' }] });
      expect(record.target.missing).toContainEqual({
        source: 'pprof',
        why: expect.stringMatching(
          new RegExp(`reports on "go-plain.*\\(pid ${other.pid}\\), not on this process$`),
        ),
      });
      expect(record.resources.find(({ name }) => name === 'heap')?.source).toBe('inspector');
      expect([record.verdict, record.exitCode]).toEqual(['leak', 1]);
    });

    test('is surveyed without being told that nothing could be better', async () => {
      const { url, app } = await setUp();
      const found = await survey({ url, probes: [`pid=${app.pid}`, 'auto'] });
      expect(found.probes.map(({ source }) => source)).not.toContain('pprof');
      const report = surveyReport(found, { width: 100, colour: new Chalk({ level: 0 }), unicode: true });
      expect(report).not.toMatch(/Tip +none needed/);
    });
  });
});

async function running(starting: Promise<Target>): Promise<Target> {
  const target = await starting;
  onTestFinished(async () => void (await target.stop()));
  return target;
}

function portOf({ url }: Target): number {
  return Number(new URL(url).port);
}
