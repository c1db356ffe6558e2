import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { expvar } from '../../src/probes/sources/expvar.js';
import { serve } from '../support/servers.js';

/** Recorded from a Go 1.26 program that imports expvar and does nothing else. */
const capture = () =>
  readFile(new URL('../../fixtures/captures/metrics/expvar.json', import.meta.url), 'utf8');

const target = (origin: string) => ({ url: new URL(`${origin}/upload`), ports: [] });

describe("Go's expvar", () => {
  test('gives the heap, its objects, the stack, churn and peak', async () => {
    const page = await capture();
    const asked: string[] = [];
    const origin = await serve((request, response) => {
      asked.push(request.url!);
      response.end(page);
    });
    const probe = await expvar(target(origin));
    const { memstats } = JSON.parse(page);
    expect(await probe.read()).toEqual({
      values: { heap: memstats.HeapAlloc, 'heap-objects': memstats.HeapObjects, stack: memstats.StackInuse },
      allocated: memstats.TotalAlloc,
      peak: memstats.Sys,
      counter: memstats.NumGC,
      collections: memstats.NumGC,
    });
    expect(memstats.HeapAlloc).toBeGreaterThan(100_000);
    expect(asked).toEqual(['/debug/vars', '/debug/vars']);
    expect(probe).not.toHaveProperty('collect');
  });

  test('is read where the user says it is', async () => {
    const page = await capture();
    const origin = await serve((request, response) => {
      response.writeHead(request.url === '/vars' ? 200 : 404).end(page);
    });
    const probe = await expvar(target('http://127.0.0.1:1'), `${origin.slice('http://'.length)}/vars`);
    expect(probe.endpoint).toBe(`${origin}/vars`);
  });

  test.each([
    ['404', 404, '', 'answered 404'],
    ['HTML', 200, '<html>', 'is not JSON'],
    ['JSON of another program', 200, '{"memstats": {"HeapAlloc": "12"}}', 'no memstats from a Go program'],
    ['null', 200, 'null', 'no memstats from a Go program'],
  ])('is not there where the answer is %s', async (_, status, text, words) => {
    const origin = await serve((__, response) => response.writeHead(status).end(text));
    await expect(expvar(target(origin))).rejects.toMatchObject({
      name: 'NotThere',
      message: expect.stringContaining(words),
    });
  });
});
