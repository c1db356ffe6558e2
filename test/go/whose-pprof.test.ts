import { fileURLToPath } from 'node:url';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { hunt } from '../../src/index.js';
import { buildGoTarget, describeWithGo, startGoTarget } from '../support/go.js';
import { startTarget } from '../support/target.js';

const front = fileURLToPath(new URL('../support/front.mjs', import.meta.url));

describeWithGo("another server's pprof on the origin of the uploads", () => {
  let binary: string;
  beforeAll(async () => {
    binary = await buildGoTarget('go-plain');
  });

  test.each(['pprof', 'expvar', 'prometheus'])(
    'is not read, and the leak of the server itself is found or not decided yet: %s',
    async metrics => {
      const other = await startGoTarget(binary, ['-metrics', metrics]);
      onTestFinished(async () => void (await other.stop()));
      const target = await startTarget(process.execPath, [front, other.origin, 'leak']);
      onTestFinished(async () => void (await target.stop()));
      const record = await hunt({
        url: target.url,
        fixture: { kind: 'random', size: 20_000, seed: 1 },
        minUploads: 200,
        maxRounds: 6,
      });
      // Two servers that started in the same second are told apart by what they run on. An option's value may be a secret.
      const whose =
        metrics === 'prometheus'
          ? '("go-plain .*|a Go program, which)'
          : `"go-plain .*-metrics \\*{3}" \\(pid ${other.pid}\\)`;
      expect(record.target.missing.find(({ source }) => source === metrics)?.why).toMatch(
        new RegExp(`reports on ${whose}.* this process`),
      );
      expect(record.resources.map(({ source }) => source)).not.toContain(metrics);
      // Of the server's own memory six rounds may be too few to be sure.
      expect(['leak', 'inconclusive']).toContain(record.verdict);
    },
  );

  test.each(['pprof', 'expvar', 'prometheus'])('is read where it is its own: %s', async metrics => {
    const target = await startGoTarget(binary, ['-metrics', metrics]);
    onTestFinished(async () => void (await target.stop()));
    const record = await hunt({ url: target.url, maxRounds: 3, uploadsPerRound: 10 });
    expect(record.target.probes.map(({ source }) => source)).toContain(metrics);
  });
});
