import { expect, onTestFinished, test } from 'vitest';
import { hunt } from '../../src/index.js';
import { startDemo } from '../../src/target/demo/demo.js';

test('bodies that are kept grow by a byte per byte uploaded, whatever the sizes that took turns', async () => {
  const { url, inspector, stop } = await startDemo('buffers');
  onTestFinished(stop);
  const sizes = [20_000, 60_000, 120_000];
  const record = await hunt({
    url,
    sizes,
    probes: [`inspector=${inspector}`],
    uploadsPerRound: 20,
    rounds: 23,
    warmUpRounds: 1,
    minUploads: 0,
    snapshots: false,
  });
  expect(record.load).toMatchObject({ sizes, rounds: 24, failed: 0 });
  const uploaded = record.rounds.filter(({ kind }) => kind === 'upload').map(({ size }) => size);
  expect(uploaded.slice(0, 9)).toEqual([...sizes, ...sizes.toReversed(), ...sizes]);
  const { perByte, perUpload } = record.sweep!.find(({ resource }) => resource === 'array-buffers')!;
  expect([perByte.low > 0.97, perByte.high < 1.03]).toEqual([true, true]);
  expect(Math.abs(perUpload.estimate)).toBeLessThan(1500);
});
