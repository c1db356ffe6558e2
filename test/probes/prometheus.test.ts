import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { Reader } from '../../src/probes/reader.js';
import { prometheus } from '../../src/probes/sources/prometheus.js';
import { metricsIn } from '../../src/probes/sources/prometheus-text.js';
import { serve } from '../support/servers.js';

const capture = (name: string) =>
  readFile(new URL(`../../fixtures/captures/metrics/${name}`, import.meta.url), 'utf8');

const every = (page: string) => metricsIn(page, () => true);

async function sampleOf(text: string) {
  const origin = await serve((_, response) => response.setHeader('content-type', 'text/plain').end(text));
  const probe = await prometheus({ url: new URL(origin), ports: [] });
  return probe.read();
}

/** As a hunt takes it. */
async function readingOf(text: string) {
  const origin = await serve((_, response) => response.end(text));
  const probe = await prometheus({ url: new URL(origin), ports: [] });
  return new Reader([probe], { settle: 0.01, tolerance: {} }).read('start', 0);
}

describe('a Prometheus page', () => {
  test("of Node's prom-client gives the V8 heap, external memory, handles, files and rss", async () => {
    const { values, identity } = await sampleOf(await capture('prom-client.txt'));
    expect(values).toEqual({
      heap: expect.any(Number),
      external: expect.any(Number),
      'active-handles': 2,
      'open-files': 19,
      rss: 54_046_720,
    });
    expect(values.heap).toBeLessThan(values.rss!);
    expect(identity).toBe('1795395545');
  });

  test('adds up the pools of a JVM heap and leaves the rest of its memory out', async () => {
    const { values } = await sampleOf(
      [
        'jvm_memory_used_bytes{area="heap",id="Eden"} 100.0',
        'jvm_memory_used_bytes{area="heap",id="Old \\"gen\\""} 2e3',
        'jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 7000.0',
        'jvm_threads_live_threads 21',
      ].join('\n'),
    );
    expect(values).toEqual({ heap: 2100, threads: 21 });
  });

  test('leaves out what is no number rather than calling it zero', async () => {
    const { values } = await readingOf(
      'go_goroutines NaN\nprocess_open_fds +Inf\ngo_threads 1e400\nprocess_resident_memory_bytes 5',
    );
    expect(values).toEqual({ rss: 5 });
  });

  test('is read line by line: comments, time stamps, exemplars and labels with braces', () => {
    expect(
      every('# TYPE a gauge\na 1 1700000000\nb{x="}"} 2 # {trace="1"} 0.5\n\nnot a metric line !\n'),
    ).toEqual([
      { name: 'a', labels: [], value: 1 },
      { name: 'b', labels: ['x="}"'], value: 2 },
    ]);
  });

  test.each([
    ['HTML', '<html></html>', 'HTML'],
    ['text without a metric of interest', 'up 1\n', 'no metric for memory'],
  ])('of %s is not one', async (_, text, words) => {
    await expect(sampleOf(text)).rejects.toThrow(words);
  });
});
