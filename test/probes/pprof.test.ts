import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { memStats, pprof } from '../../src/probes/sources/pprof.js';
import { serve } from '../support/servers.js';

/** Pages recorded from the service in fixtures/targets/go-gin. */
const capture = (name: string) =>
  readFile(new URL(`../../fixtures/captures/pprof/${name}`, import.meta.url), 'utf8');

describe("Go's pprof", () => {
  test('gives the exact heap, the number of goroutines, churn and peak', async () => {
    const [heap, goroutine] = await Promise.all([capture('heap.txt'), capture('goroutine.txt')]);
    const asked: string[] = [];
    const origin = await serve((request, response) => {
      asked.push(request.url!);
      response.end(request.url!.includes('goroutine') ? goroutine : heap);
    });
    const probe = await pprof({ url: new URL(`${origin}/upload`), ports: [] });
    asked.length = 0;
    const sample = await probe.read();
    expect(asked).toEqual(['/debug/pprof/heap?gc=1&debug=1', '/debug/pprof/goroutine?debug=1']);
    const stats = memStats(heap);
    expect(sample).toEqual({
      values: {
        heap: stats.HeapAlloc,
        'heap-objects': stats.HeapObjects,
        goroutines: Number(/total (\d+)/.exec(goroutine)![1]),
        stack: stats.Stack,
      },
      allocated: stats.TotalAlloc,
      peak: stats.Sys,
      committed: stats.Sys! - stats.HeapReleased!,
      counter: stats.NumGC,
    });
    expect(stats.HeapAlloc).toBeGreaterThan(100_000);
    expect(stats.HeapObjects).toBeGreaterThan(1000);
  });

  test('reads the trailer alone, whatever a function is called', () => {
    const page =
      '# HeapAlloc = 1\n# runtime.MemStats\n# HeapAlloc = 42\n# Stack = 3 / 4\n# PauseNs = [1 2]\n';
    expect(memStats(page)).toEqual({ HeapAlloc: 42, Stack: 3 });
  });

  test.each([
    ['404', 404, 'not found', 'answered 404'],
    ['a page of another kind', 200, '<html>hello</html>', 'is not a Go heap profile'],
  ])('is not there where the answer is %s', async (_, status, text, words) => {
    const origin = await serve((__, response) => response.writeHead(status).end(text));
    await expect(pprof({ url: new URL(origin), ports: [] })).rejects.toThrow(words);
  });
});
