import { expect, test } from 'vitest';
import { hunt } from '../../src/index.js';
import { buildGoTarget, describeWithGo, startGoTarget } from '../support/go.js';
import { versionOf } from '../support/toolchain.js';

const minor = Number(/go1\.(\d+)/.exec(versionOf('go') ?? '')?.[1]);

describeWithGo('a Go service whose runtime can tell leaked goroutines', () => {
  test.skipIf(minor < 26)(
    'has it confirmed that nothing can wake them (skipped before Go 1.26)',
    async () => {
      const experiment = { GOEXPERIMENT: 'goroutineleakprofile' };
      const target = await startGoTarget(await buildGoTarget('go-plain', experiment), [
        '-metrics',
        'pprof',
        '-leak',
        'goroutine',
      ]);
      try {
        const record = await hunt({
          url: target.url,
          fixture: { kind: 'text', size: 20_000, seed: 1 },
          uploadsPerRound: 50,
          maxRounds: 8,
        });
        expect(record.culprits.find(({ kind }) => kind === 'goroutines')).toMatchObject({
          site: { function: 'main.startWaiter.func1' },
          state: 'chan receive',
          createdBy: { function: 'main.startWaiter' },
          provenLeaked: true,
        });
      } finally {
        await target.stop();
      }
    },
  );
});
