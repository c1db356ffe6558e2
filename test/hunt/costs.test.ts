import { expect, test } from 'vitest';
import { peakOf } from '../../src/hunt/costs.js';
import type { ResourceValues } from '../../src/probes/reading.js';

const round = (uploads: number, values: ResourceValues, peak: number) => ({
  step: { kind: 'upload' as const, balanced: true },
  reading: { kind: 'upload' as const, uploads, seconds: uploads, values, peak },
});

test.each(['rss', 'anon', 'heap'] as const)(
  'what %s keeps is not taken for what uploads in flight need',
  name => {
    const rounds = [round(0, { [name]: 100 }, 1000), round(10, { [name]: 700 }, 1800)];
    expect(peakOf(rounds, { peakFrom: 'cgroup' }, 2)).toEqual({
      bytes: 1800,
      perUploadInFlight: 100,
      source: 'cgroup',
    });
  },
);
