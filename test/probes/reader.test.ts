import { describe, expect, test } from 'vitest';
import type { Probe, Sample } from '../../src/probes/probe.js';
import { Reader } from '../../src/probes/reader.js';

/** A probe that answers from a list, its last entry for ever; an Error is thrown. */
function scripted(source: Probe['source'], ...samples: (Sample | Error)[]): Probe & { reads: number } {
  const probe = {
    source,
    endpoint: 'test',
    reads: 0,
    async read() {
      const next = samples[Math.min(probe.reads, samples.length - 1)]!;
      probe.reads += 1;
      if (next instanceof Error) throw next;
      return next;
    },
  };
  return probe;
}

const heap = (value: number): Sample => ({ values: { heap: value } });
const reader = (...probes: Probe[]) => new Reader(probes, { settle: 2, tolerance: { heap: 10 } });

describe('a reading', () => {
  test('waits until the heap stops falling and keeps the lowest', async () => {
    const probe = scripted(
      'pprof',
      heap(900),
      heap(700),
      heap(500),
      heap(300),
      heap(295),
      heap(310),
      heap(1),
    );
    expect((await reader(probe).read('upload', 7)).values).toEqual({ heap: 295 });
    expect(probe.reads).toBe(5);
  });

  test('does not wait for the operating system to take pages back', async () => {
    const falling = Array.from({ length: 50 }, (_, i): Sample => ({ values: { rss: 1e9 - i * 1e6 } }));
    const probe = scripted('pid', ...falling);
    await reader(probe).read('upload', 0);
    expect(probe.reads).toBe(3);
  });

  test('believes the first source that knows a resource', async () => {
    const first = scripted('pprof', heap(1));
    const second = scripted('prometheus', { values: { heap: 2, rss: 3 } });
    const both = reader(first, second);
    expect((await both.read('start', 0)).values).toEqual({ heap: 1, rss: 3 });
    expect([...both.sourceOf]).toEqual([
      ['heap', 'pprof'],
      ['rss', 'prometheus'],
    ]);
  });

  test('adds up the replicas of a target, and keeps each apart', async () => {
    const replicas = ['a', 'b'].map((endpoint, i) => ({ ...scripted('pprof', heap(10 + i)), endpoint }));
    const { values, replicas: own } = await reader(...replicas).read('start', 0);
    expect(values).toEqual({ heap: 21 });
    expect(own).toEqual({ a: { heap: 10 }, b: { heap: 11 } });
  });

  test('has no sum where a replica is missing: it would be a fall that never was', async () => {
    const both = reader(
      scripted('pprof', heap(10)),
      scripted('pprof', heap(5), heap(5), heap(5), new Error('gone')),
    );
    expect((await both.read('start', 0)).values).toEqual({ heap: 15 });
    expect((await both.read('upload', 10)).values).toEqual({});
  });

  test('tries a probe that failed once again, and counts it', async () => {
    const both = reader(scripted('pprof', new Error('hiccup'), heap(5)));
    expect((await both.read('start', 0)).values).toEqual({ heap: 5 });
    expect(both.retries).toEqual({ pprof: 1 });
  });

  test('goes on without a probe that stopped answering, and never reads zero for it', async () => {
    const both = reader(
      scripted('pprof', heap(5), heap(5), heap(5), new Error('gone')),
      scripted('pid', { values: { rss: 7 } }),
    );
    await both.read('start', 0);
    expect((await both.read('upload', 10)).values).toEqual({ rss: 7 });
    expect(both.lost).toEqual([{ source: 'pprof', why: 'gone' }]);
  });

  test('ends when the last probe is gone', async () => {
    await expect(reader(scripted('pprof', new Error('gone'))).read('start', 0)).rejects.toMatchObject({
      code: 'TARGET_LOST',
      exitCode: 4,
    });
  });

  test.each([
    ['another process answers', { values: {}, identity: 'a' }, { values: {}, identity: 'b' }],
    ['a counter runs backwards', { values: {}, counter: 9 }, { values: {}, counter: 2 }],
  ])('ends when %s', async (_, before, after) => {
    const both = reader(scripted('pprof', before, before, before, after));
    await both.read('start', 0);
    await expect(both.read('upload', 10)).rejects.toMatchObject({ code: 'TARGET_RESTARTED', exitCode: 4 });
  });
});
