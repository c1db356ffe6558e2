import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { promql } from '../../src/probes/sources/promql.js';
import { serve } from '../support/servers.js';

const target = { url: new URL('http://127.0.0.1:1'), ports: [] };

interface Scraped {
  time: number;
  value: string;
}

/**
 * A Prometheus server as far as instant queries go: of each series it answers with the newest sample that is not
 * older than `lookback_delta` (300 s). `scrape` says, each time before it answers, what it has scraped so far.
 */
async function servePrometheus(scrape: (time: number, queries: number) => Scraped[]) {
  const asked: URLSearchParams[] = [];
  const origin = await serve((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://host');
    const time = Number(searchParams.get('time') ?? Date.now() / 1000);
    response.setHeader('content-type', 'application/json');
    if (pathname !== '/api/v1/query') return response.writeHead(404).end();
    if (searchParams.get('query') === 'time()') return response.end(reply('scalar', [time, String(time)]));
    asked.push(searchParams);
    const oldest = time - Number(searchParams.get('lookback_delta') ?? 300);
    const seen = scrape(time, asked.length).filter(sample => sample.time > oldest);
    response.end(
      reply(
        'vector',
        seen.map(({ value }) => ({ metric: {}, value: [time, value] })),
      ),
    );
  });
  return { origin, asked };
}

const reply = (resultType: string, result: unknown) =>
  JSON.stringify({ status: 'success', data: { resultType, result } });

const open = (origin: string, rest = '?query=process_resident_memory_bytes') =>
  promql(target, `${origin}${rest}`);

describe('a query to a Prometheus server', () => {
  test('is summed over its series', async () => {
    const { origin, asked } = await servePrometheus(time => [
      { time: time - 0.01, value: '1.5e+06' },
      { time: time - 0.02, value: '2' },
    ]);
    const probe = await open(origin, '?query=sum by (job) (x{a="1"}) + 1;name=heap');
    expect(probe.endpoint).toBe(`${origin}/api/v1/query`);
    expect(await probe.read()).toEqual({ values: { heap: 1_500_002 } });
    expect(asked[0]!.get('query')).toBe('sum by (job) (x{a="1"}) + 1');
  });

  test('is read from the form of an address bar as well', async () => {
    const { origin, asked } = await servePrometheus(time => [{ time: time - 0.01, value: '1' }]);
    await open(origin, '/?query=sum%28x%29+%2B+1');
    expect(asked[0]!.get('query')).toBe('sum(x) + 1');
  });

  test('waits for a scrape of every series that is younger than the reading', async () => {
    const { origin, asked } = await servePrometheus((time, queries) => {
      // Two questions to open, two for the moment before any scrape, two with one series scraped, then both.
      const old = { time: time - 60, value: '1' };
      const fresh = { time: time - 0.1, value: '10' };
      return [queries > 4 ? fresh : old, queries > 6 ? fresh : old];
    });
    const probe = await open(origin);
    expect((await probe.read()).values).toEqual({ rss: 20 });
    expect(asked.slice(2).map(each => each.has('lookback_delta'))).toEqual([
      false,
      true,
      false,
      true,
      false,
      true,
    ]);
  });

  test('that sees no new scrape in time is an error that says so', async () => {
    const { origin } = await servePrometheus(time => [{ time: time - 60, value: '1' }]);
    const probe = await open(origin, '?query=x;wait=0.1');
    await expect(probe.read()).rejects.toMatchObject({
      code: 'PROBE_FAILED',
      message: expect.stringContaining('no new value was scraped within 0.1 s: wait longer'),
    });
  });

  test('of a server that knows no lookback_delta waits until everything was scraped since', async () => {
    let polls = 0;
    const origin = await serve((request, response) => {
      const { searchParams } = new URL(request.url!, 'http://host');
      const query = searchParams.get('query');
      const time = Number(searchParams.get('time') ?? Date.now() / 1000);
      response.setHeader('content-type', 'application/json');
      if (query === 'time()') return response.end(reply('scalar', [time, String(time)]));
      if (query === 'min(timestamp(up))') polls += 1;
      const scraped = polls < 2 ? time - 60 : time;
      const value = query === 'min(timestamp(up))' ? String(scraped) : String(polls);
      response.end(reply('vector', [{ metric: {}, value: [time, value] }]));
    });
    const probe = await open(origin);
    expect(await probe.read()).toEqual({ values: { rss: 1 } });
    expect(polls).toBe(2);
  });

  test('with an empty result is an error, not a zero', async () => {
    const { origin } = await servePrometheus(() => []);
    await expect(open(origin)).rejects.toThrow('the query returns nothing');
  });

  test('quotes what the server says is wrong', async () => {
    // Recorded from Prometheus 3.5.
    const error = 'invalid parameter "query": 1:6: parse error: unclosed left parenthesis';
    const origin = await serve((_, response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ status: 'error', errorType: 'bad_data', error }));
    });
    await expect(open(origin, '?query=sum((')).rejects.toThrow(
      `${origin}/api/v1/query answered 400: "${error}"`,
    );
  });

  test('is read as the server writes it', async () => {
    // Recorded from Prometheus 3.5: the pools of a JVM heap.
    const page = new URL('../../fixtures/captures/metrics/promql.json', import.meta.url);
    const { data } = JSON.parse(await readFile(page, 'utf8'));
    const { origin } = await servePrometheus(time =>
      data.result.map(({ value }: { value: [number, string] }) => ({ time: time - 0.01, value: value[1] })),
    );
    expect((await (await open(origin)).read()).values).toEqual({ rss: 27_364_504 });
  });

  test.each([
    ['a matrix', 'matrix', [], 'the query returns a matrix: query an instant vector'],
    ['no number', 'vector', [{ metric: {}, value: [1, 'NaN'] }], 'not a finite number'],
    ['an empty value', 'vector', [{ metric: {}, value: [1, ''] }], 'not a finite number'],
    ['null', 'vector', [null], 'not a finite number'],
    ['a histogram', 'vector', [{ metric: {}, histogram: [1, {}] }], 'not a finite number'],
  ])('that gives %s is not there', async (_, type, result, words) => {
    const origin = await serve((request, response) =>
      response.end(request.url!.includes('time%28%29') ? reply('scalar', [1, '1']) : reply(type, result)),
    );
    await expect(open(origin)).rejects.toThrow(words);
  });

  test('is not there without an address', async () => {
    await expect(promql(target)).rejects.toThrow("it needs an address and a query: --probe 'promql=");
  });

  test.each([
    ['http://127.0.0.1:9090', 'has no query: write, for example,'],
    ['http://127.0.0.1:9090?query=x;name=memory', 'use one of heap'],
    ['http://127.0.0.1:9090?query=x;wait=soon', 'not a number of seconds'],
    ['http://127.0.0.1:9090?query=x;step=5', 'no setting ";step=": use name or wait'],
  ])('--probe promql=%s is a usage error', async (argument, words) => {
    await expect(promql(target, argument)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(words),
    });
  });
});
