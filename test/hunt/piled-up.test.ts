import { describe, expect, test } from 'vitest';
import { piledUpWarning } from '../../src/hunt/piled-up.js';
import { Reader } from '../../src/probes/reader.js';
import type { Reading, ResourceValues } from '../../src/probes/reading.js';

const reading = (uploads: number, pending: ResourceValues, values: ResourceValues): Reading => ({
  kind: 'upload',
  uploads,
  seconds: uploads,
  values,
  pending,
});
const three = (pending: ResourceValues, values: ResourceValues) =>
  [100, 200, 300].map(uploads => reading(uploads, pending, values));

describe('what piles up between collections', () => {
  test('is told beside what stays', () => {
    const [told] = piledUpWarning(three({ threads: 678, sockets: 4 }, { threads: 3, sockets: 4 }), 10);
    expect(told).toContain('678 threads before the last collection, 3 after');
    expect(told).not.toContain('sockets');
  });

  test.each<[string, Reading[]]>([
    [
      'where it was so once only',
      [...three({ threads: 9 }, { threads: 9 }), reading(400, { threads: 99 }, { threads: 9 })],
    ],
    ['of as many sockets as the uploads have connections', three({ sockets: 21 }, { sockets: 2 })],
    ['where nothing was collected', three({}, { threads: 3 })],
    ['after two rounds', three({ threads: 678 }, { threads: 3 }).slice(1)],
  ])('is nothing to tell of %s', (_, readings) => {
    expect(piledUpWarning(readings, 10)).toEqual([]);
  });
});

test('a reader looks at what may be let go of before it collects, and not where it cannot', async () => {
  let threads = 678;
  const seen = {
    source: 'pid',
    endpoint: 'there',
    read: async () => ({ values: { threads } }),
    pending: async () => ({ threads }),
  };
  const collector = {
    source: 'jcmd',
    endpoint: 'there',
    read: async () => ({ values: { heap: 1e6 } }),
    collect: async () => {
      threads = 3;
    },
  };
  await using both = new Reader([seen, collector], { settle: 0.1, tolerance: {} });
  expect(await both.read('upload', 100)).toMatchObject({ values: { threads: 3 }, pending: { threads: 678 } });
  await using alone = new Reader([seen], { settle: 0.1, tolerance: {} });
  expect((await alone.read('upload', 100)).pending).toBeUndefined();
});
