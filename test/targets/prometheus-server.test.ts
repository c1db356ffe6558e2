import { expect, test } from 'vitest';
import { installNodeTarget, startNodeTarget } from '../support/node-targets.js';
import { startPrometheus } from '../support/prometheus.js';
import { describeWith } from '../support/toolchain.js';
import { expectFlatOrUndecided, expectOnePerUpload, huntTarget, resource } from './hunting.js';

/** Hunts an express server by nothing but what a Prometheus server scraped of it, second by second. */
async function huntThroughPrometheus(leak: string) {
  const target = await startNodeTarget('node-express', { leak });
  try {
    const prometheus = await startPrometheus(target);
    try {
      const query = `nodejs_active_resources_total`;
      const probe = `promql=${prometheus.origin}?query=${query};name=active-handles`;
      return await huntTarget(Promise.resolve(target), { probes: [probe], rounds: 5, warmUpRounds: 1 });
    } finally {
      await prometheus.stop();
    }
  } finally {
    await target.stop();
  }
}

describeWith('prometheus', 'a server that only Prometheus sees', () => {
  test('leaks exactly one active handle per upload when it leaves a timer running', async () => {
    await installNodeTarget('node-express');
    const record = await huntThroughPrometheus('timer');
    expect(resource(record, 'active-handles').source).toBe('promql');
    expectOnePerUpload(record, 'active-handles');
  });

  test('does not leak when it keeps nothing', async () => {
    expectFlatOrUndecided(await huntThroughPrometheus('none'));
  });
});
