import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { Reader } from '../../src/probes/reader.js';
import { prometheus } from '../../src/probes/sources/prometheus.js';
import { metricsIn } from '../../src/probes/sources/prometheus-text.js';
import { serve } from '../support/servers.js';

const capture = (name: string) =>
  readFile(new URL(`../../fixtures/captures/metrics/${name}`, import.meta.url), 'utf8');

const every = (page: string) => metricsIn(page, () => true);

async function sampleOf(text: string | Buffer) {
  const origin = await serve((_, response) => response.end(text));
  return (await prometheus({ url: new URL(origin), ports: [] })).read();
}

/** As a hunt takes it. */
async function readingOf(text: string) {
  const origin = await serve((_, response) => response.end(text));
  const probe = await prometheus({ url: new URL(origin), ports: [] });
  return new Reader([probe], { settle: 0.01, tolerance: {} }).read('start', 0);
}

describe('metrics in the forms that libraries write', () => {
  test("of Python's prometheus_client say the same as text and as OpenMetrics", async () => {
    const text = await sampleOf(await capture('prometheus-client.txt'));
    expect(text.values).toEqual({ rss: expect.any(Number), 'open-files': expect.any(Number) });
    expect(text.values.rss).toBeGreaterThan(1e6);
    const open = await sampleOf(await capture('prometheus-client-openmetrics.txt'));
    expect(open.identity).toBe(text.identity);
    expect(Object.keys(open.values)).toEqual(Object.keys(text.values));
  });

  test('of client_golang give heap, objects, goroutines, threads, files, stack and rss', async () => {
    const { values, allocated, peak } = await sampleOf(await capture('client-golang.txt'));
    expect(Object.keys(values).sort()).toEqual(
      ['goroutines', 'heap', 'heap-objects', 'open-files', 'rss', 'stack', 'threads'].sort(),
    );
    expect(values.heap).toBeLessThan(peak!);
    expect(values.heap).toBeLessThan(allocated!);
  });

  test('of Micrometer give the heap without the rest of the memory', async () => {
    const { values } = await sampleOf(await capture('micrometer.txt'));
    expect(values).toEqual({ heap: 29_461_656, 'direct-buffers': 81_920, threads: 22, 'open-files': 66 });
  });

  test('of a series that is written twice count once', () => {
    const text = 'a{x="1",y="2"} 5\na{y="2",x="1"} 5\na{x="1"} 7\na 1\na 1\n';
    expect(every(text).map(({ value }) => value)).toEqual([5, 7, 1]);
  });

  test('may end lines with CR LF, escape label values and hold bytes that are no UTF-8', async () => {
    const lines = [
      '# HELP jvm_memory_used_bytes caf\xe9',
      'jvm_memory_used_bytes{area="heap",id="a \\"b\\" \\\\ , } caf\xe9"} 1e3 1700000000000',
      'jvm_memory_used_bytes{id="area=\\"heap\\"",area="nonheap"} 9e9',
      'jvm_memory_used_bytes{not_area="heap"} 9e9',
      '  jvm_threads_live_threads 21 # {trace_id="x"} 0.5 1.7e9',
      '# EOF',
    ];
    const { values } = await sampleOf(Buffer.from(lines.join('\r\n'), 'latin1'));
    expect(values).toEqual({ heap: 1000, threads: 21 });
  });

  test.each(['NaN', '+Inf', '-Inf', '1e400', '-1', '1.2.3', '0x10', ''])(
    'leave out the value %j',
    async value => {
      const { values } = await readingOf(`go_goroutines ${value}\nprocess_open_fds 5\n`);
      expect(values).toEqual({ 'open-files': 5 });
    },
  );

  test('of a very large page are asked for once in a reading', async () => {
    let asked = 0;
    const page = `process_open_fds 5\n${'other_metric_of_somebody{a="b"} 1\n'.repeat(300_000)}`;
    const origin = await serve((_, response) => {
      asked += 1;
      response.end(page);
    });
    const probe = await prometheus({ url: new URL(origin), ports: [] });
    const reader = new Reader([probe], { settle: 0.5, tolerance: {} });
    asked = 0;
    expect((await reader.read('start', 0)).values).toEqual({ 'open-files': 5 });
    expect((await reader.read('upload', 5)).values).toEqual({ 'open-files': 5 });
    expect(asked).toBe(2);
  });

  test('are asked for in text form first', async () => {
    let accept: string | undefined;
    const origin = await serve((request, response) => {
      accept = request.headers.accept;
      response.end('process_open_fds 5\n');
    });
    await prometheus({ url: new URL(origin), ports: [] });
    expect(accept).toBe('text/plain;version=0.0.4, application/openmetrics-text;q=0.5');
  });

  test.each([
    ['a label', `a{x="${'y'.repeat(40e6)}`],
    ['spaces before a value', `a${' '.repeat(60_000)}\n`.repeat(100)],
    ['labels without values', `a{${'y'.repeat(60_000)}} x\na{${'y'.repeat(60_000)}} 1\n`.repeat(100)],
    ['quotes', `a{${'"'.repeat(60_001)} 1\n`.repeat(100)],
  ])(
    'with no end of %s take no longer to read than others',
    (_, text) => {
      expect(every(`${text}\nb 1\n`)).toContainEqual({ name: 'b', labels: [], value: 1 });
    },
    5_000,
  );
});
